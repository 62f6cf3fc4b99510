"""A tree whose layout is known becomes hand-ins: whose is what, and what is nobody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from autograder.layout import TITLES, Layout
from autograder.tables import decoded

from .archive import Archive, archive_in
from .evidence import Evidence, is_packed
from .gradescope_export import GradescopeAuthor, read_submitters, read_times
from .hand_ins import HandIn, Sorted, by_platform, entry_tree, number_of_people, unreadable_tree
from .layouts import Decider, Laid
from .misplaced import misplaced
from .model import CODE, MIB, OTHER_ARCHIVES, Bounds, stem
from .names import student_name
from .platforms import METADATA, Named, read_names
from .receipts import by_receipts
from .singly import by_person
from .trees import Entry, Tree, UnreadableError, shown
from .when import fact_of, read_stamp, without_time

_METADATA_BYTES = 512 * MIB
_STAMP_BYTES = 1000  # of nbgrader's file with a time; a time has thirty
_SHOWN = 4
TIMESTAMP = "timestamp.txt"  # nbgrader's

SEVERAL = (
    "`{student}` has the assignment's files in {count} places ({places}) and is graded as one"
    " student, from one of them. If they are several students': `--layout sections`, or"
    " `--layout class` for that folder alone."
)
SEVERAL_NAMES = (
    "`{student}` has files of {count} people in {platform}'s form and is graded as one student. If"
    " it is a section: `--layout sections`."
)
NO_METADATA = "`{place}`: `submission_metadata.yml` cannot be read: {reason}."
NOT_IN_METADATA = "`submission_metadata.yml` does not say whose `{folder}` is."
NOT_OF_THE_FORM = "`{name}` is not called as {platform} calls files; it was taken as `{student}`'s."
NO_FOLDER = (
    "`submission_metadata.yml` names {people} with `{folder}`, which is not there: nothing of that"
    " was graded. Was the whole export unpacked?"
)
UNREADABLE = "The folder cannot be read: {reason}."
CANNOT_OPEN = "`{path}` cannot be opened: hand in a .zip, or the files themselves."


class Sorter:
    """Sorts trees by the evidence of one assignment."""

    def __init__(self, evidence: Evidence, decider: Decider, bounds: Bounds) -> None:
        self._evidence = evidence
        self._decider = decider
        self._bounds = bounds

    def sort(self, laid: Laid) -> Sorted:
        """The hand-ins of a class's tree, each with where it lay in the tree."""
        if laid.layout is Layout.SECTIONS:
            return self._sections(laid)
        if laid.layout is Layout.GRADESCOPE:
            return self._gradescope(laid)
        if laid.layout in TITLES:
            return self._platform(laid)
        return self._class(laid.tree, laid.tree.folders(), laid.tree.files(), laid.layout)

    # A class of folders and files ----------------------------------------------------------------

    def _class(
        self, tree: Tree, folders: Iterable[str], files: Iterable[str], layout: Layout
    ) -> Sorted:
        nbgrader = layout is Layout.NBGRADER
        found = Sorted()
        for folder in folders:
            if folder.startswith(".") and not self._evidence.has_work(tree.enter(folder)):
                found.aside.append(folder)  # a platform's or an editor's own
                continue
            found.hand_ins += self._child(tree.enter(folder), folder, nbgrader)
            found.warnings += misplaced(tree.enter(folder), folder, self._evidence)
        singly = by_person(tree, files, self._evidence)
        found.hand_ins += singly.hand_ins
        for name in singly.others:
            loose = None if self._is_nobodys(name, found) else self._loose(tree.entry(name))
            if loose:
                found.hand_ins.append(loose)
            elif name.casefold().endswith(CODE):
                found.nobody.append(name)
            else:
                found.aside.append(name)
        return found

    def _child(self, tree: Tree, folder: str, nbgrader: bool) -> Iterator[HandIn]:
        """The hand-in in a student's folder; one that is unreadable does not stop the class."""
        student = student_name(folder)
        try:
            if not self._evidence.is_for_another(tree, nbgrader=nbgrader):
                own = self.one(tree, student, shown(folder))
                facts = self._stamped(tree) if nbgrader else ()
                yield replace(own, facts=(*own.facts, *facts))
        except OSError as error:
            text = UNREADABLE.format(reason=error.strerror or error)
            yield HandIn(student=student, tree=Archive({}), place=shown(folder), problems=(text,))

    def _stamped(self, tree: Tree) -> tuple[str, ...]:
        """When nbgrader says that it was handed in, which is all that nbgrader knows itself."""
        slug = self._evidence.slug
        if slug not in tree.folders() or TIMESTAMP not in tree.enter(slug).files():
            return ()
        try:
            stamp = tree.enter(slug).entry(TIMESTAMP).read(_STAMP_BYTES)
        except UnreadableError:
            return ()
        return _times(read_stamp(decoded(stamp).text))

    def one(self, tree: Tree, student: str, place: str) -> HandIn:
        """Everything in a tree as the work of one student, however much it looks like more."""
        own = self._evidence.entered(tree)
        platform = None if self._evidence.is_direct(own) else self._evidence.platform(own, place)
        plain = HandIn(student=student, tree=own, place=place, people=((student,),))
        if platform is not None and platform is not Layout.GRADESCOPE:
            names = [*own.folders(), *own.files()]
            read = read_names(platform, names, place=place, slug=self._evidence.slug)
            count = number_of_people(read)
            if count == 1 and len(read) == len(names):
                (inside,) = by_platform(own, platform, read, self._evidence)
                facts = without_time(inside.facts)  # the student has named these files
                return replace(
                    inside, student=student, place=place, people=plain.people, facts=facts
                )
            text = SEVERAL_NAMES.format(student=student, count=count, platform=TITLES[platform])
            return replace(plain, warnings=(text,)) if count > 1 else plain
        return replace(plain, warnings=self._several(own, student))

    def _several(self, tree: Tree, student: str) -> tuple[str, ...]:
        places = [f"`{shown(place)}`" if place else "the top" for place in
                  self._evidence.several(tree)]  # fmt: skip
        if not places:
            return ()
        said = ", ".join(places[:_SHOWN]) + (", …" if len(places) > _SHOWN else "")
        return (SEVERAL.format(student=student, count=len(places), places=said),)

    def _is_nobodys(self, name: str, found: Sorted) -> bool:
        """Whether a loose file beside students' folders is called as the released one is."""
        return bool(found.hand_ins) and name.endswith(CODE) and self._evidence.is_of_lesson(name)

    def _loose(self, entry: Entry) -> HandIn | None:
        """The hand-in that one file of a class's folder is, if it is one."""
        path = PurePosixPath(entry.path)
        suffix, student, place = (
            path.suffix.casefold(),
            student_name(stem(path.name)),
            shown(entry.path),
        )
        if suffix == ".zip":
            return self.one(archive_in(entry, self._bounds), student, place)
        if suffix == ".ipynb" or (suffix == ".py" and self._evidence.is_one_module()):
            return HandIn(
                student=student, tree=entry_tree(entry), place=place, people=((student,),)
            )
        if suffix in OTHER_ARCHIVES:
            tree = unreadable_tree(CANNOT_OPEN.format(path=entry.path))
            return HandIn(student=student, tree=tree, place=place, people=((student,),))
        return None

    # Sections ------------------------------------------------------------------------------------

    def _sections(self, laid: Laid) -> Sorted:
        found = Sorted()
        folders = laid.tree.folders()
        for name in [*folders, *laid.tree.files()]:
            if not self._is_section(laid.tree, name):
                (found.nobody if name.casefold().endswith(CODE) else found.aside).append(name)
                continue
            zipped = name not in folders
            inner: Tree = laid.tree.enter(name) if not zipped else archive_in(
                laid.tree.entry(name), self._bounds
            )  # fmt: skip
            section = PurePosixPath(name).stem if zipped else name
            inside = self._decider.in_section(inner, section)
            self._add(found, self.sort(inside), section, shown(name), inside.warning)
        return found

    def _is_section(self, tree: Tree, name: str) -> bool:
        if name in tree.folders():
            return self._evidence.has_work(tree.enter(name))
        return name.casefold().endswith(".zip")

    def _add(self, found: Sorted, more: Sorted, section: str, place: str, warning: str) -> None:
        found.hand_ins += [
            replace(
                one,
                place=f"{place}/{one.place}",
                section=f"{section}/{one.section}" if one.section else section,
            )
            for one in more.hand_ins
        ]
        found.nobody += [f"{place}/{name}" for name in more.nobody]
        found.aside += [f"{place}/{name}" for name in more.aside]
        found.warnings += [*more.warnings, *filter(None, [warning])]

    # Platforms -----------------------------------------------------------------------------------

    def _platform(self, laid: Laid) -> Sorted:
        tree = laid.tree
        names = [*tree.folders(), *tree.files()]
        read = read_names(laid.layout, names, place=laid.place, slug=self._evidence.slug)
        found = self._rest(laid, {name for name in names if name not in read})
        if laid.layout is Layout.BLACKBOARD:
            read = dict(by_receipts(tree, read))
        found.hand_ins += by_platform(tree, laid.layout, read, self._evidence)
        found.hand_ins = [self._looked_through(one) for one in found.hand_ins]
        return found

    def _looked_through(self, hand_in: HandIn) -> HandIn:
        tree = self._evidence.entered(hand_in.tree)
        more = () if hand_in.warnings else self._several(tree, hand_in.student)
        return replace(hand_in, tree=tree, warnings=(*hand_in.warnings, *more))

    def _rest(self, laid: Laid, names: set[str]) -> Sorted:
        """What is not called as the platform calls it: nobody is lost for that."""
        tree = laid.tree
        folders = [
            name
            for name in tree.folders()
            if name in names and self._evidence.has_work(tree.enter(name))
        ]
        packed = [name for name in tree.files() if name in names and is_packed(name)]
        packed = [name for name in packed if not self._evidence.is_of_lesson(name)]
        found = self._class(tree, folders, packed, Layout.CLASS)
        title = TITLES[laid.layout]
        found.hand_ins = [
            replace(
                one,
                guessed=str(Layout.CLASS),
                warnings=(
                    *one.warnings,
                    NOT_OF_THE_FORM.format(name=one.place, platform=title, student=one.student),
                ),
            )
            for one in found.hand_ins
        ]
        for name in sorted(names - set(folders) - set(packed)):
            (found.nobody if name.casefold().endswith(CODE) else found.aside).append(name)
        return found

    def _gradescope(self, laid: Laid) -> Sorted:
        try:
            data = laid.tree.entry(METADATA).read(_METADATA_BYTES)
            submitters, times, problem = read_submitters(data), read_times(data), ""
        except UnreadableError as error:
            submitters, times, problem = {}, {}, NO_METADATA.format(place=laid.place, reason=error)
        folders = set(laid.tree.folders())
        names = {folder: _group(people) for folder, people in submitters.items()}
        known = {folder: named for folder, named in names.items() if folder in folders}
        found = self._rest(laid, {*folders, *laid.tree.files()} - set(known) - {METADATA})
        found.hand_ins = [
            replace(one, warnings=(NOT_IN_METADATA.format(folder=one.place),))
            for one in found.hand_ins
        ]
        found.warnings += [problem] if problem else []
        found.warnings += [
            NO_FOLDER.format(people=f"`{named.person}`", folder=shown(folder))
            for folder, named in names.items()
            if folder not in folders
        ]
        for folder, named in known.items():
            (one,) = by_platform(laid.tree, laid.layout, {folder: named}, self._evidence)
            found.hand_ins.append(
                replace(
                    self._looked_through(one),
                    people=tuple(_known_by(person) for person in submitters[folder]),
                    facts=(*map(_said, submitters[folder]), *_times(times.get(folder))),
                )
            )
        return found


def _group(people: list[GradescopeAuthor]) -> Named:
    return Named(person=" + ".join(person.id for person in people))


def _times(when: datetime | None) -> tuple[str, ...]:
    return () if when is None else (fact_of(when),)


def _known_by(person: GradescopeAuthor) -> tuple[str, ...]:
    return tuple(filter(None, (person.email, person.sid, person.name)))


def _said(person: GradescopeAuthor) -> str:
    known = {"name": person.name, "SID": person.sid, "email": person.email}
    return "Gradescope: " + ", ".join(f"{key} {value}" for key, value in known.items() if value)
