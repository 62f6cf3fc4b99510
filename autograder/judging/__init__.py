"""The words that hidden tests are written in.

Each stands in the module that explains it:

    check           check, on: a hidden test, and a part of one with a name of its own
                    Finding, NotAttempted, PersonNeeded: how a test ends that does not pass
    groups          Group: parts that share state, and that the course's own can replace
                    function, method, glue, in_notebook: one part
    arrays          expect_close, expect_number, expect_shape, expect_unchanged: compare
                    as_array, as_arrays, as_number, call, is_close: look at an answer first
                    Hints, Mistake: what to say, and a known mistake to recognise
                    floored_logarithms: those known of a logarithm of a probability
    gradients       expect_gradient, directional_difference
    own_forward     or_of_own_forward: gradients that fit a wrong forward step of one's own
                    WayBack, BothWays: that step and the right one, with the gradients
                    of_functions, of_layer, upstream: how they are made of a student's code
    training        Goal, expect_trained: train, and require an accuracy
                    accuracy, share_right, expect_accuracy, expect_falling
    trained         TrainingRun, guesses, history_drawn: what was reached, and its history
    shown           drawing, curve, confusion, filters, filter_factors: what a page draws
    handed_in       assignment_of: its data set, settings of training and thresholds
                    handed_in, HandedIn: the files as they came
    images          draw_images, held_back_images, for_student
    weights         read_weights, network_parameters: what a student's saved weights hold
    histories       read_history: the numbers of a log that a student saved
    plain_arrays    read_npz, read_npy: arrays that a student saved, never unpickled
                    Unusable: why a file cannot be used
    answers         expect_choice, expect_interval: choices and numbers in a notebook
    written         written_check, derivation_check: a formula, and the steps to it
                    expect_written, expect_derivation: the same inside a test of one's own
    written_code    code_check: a function that a formula specifies

The student's side is `autograder.sandbox.remote`: `Student` and `Remote` are what a test holds,
`fetch` and `describe` what it does with them, `CodeRaised` what a student's error is.
"""
