"""The dispatcher queues what is due, as fast as it reads, and catches up."""

import numpy as np

from simulator.capacity.dispatching import Dispatcher

UP, DOWN = np.array([1]), np.array([0])


def test_crawls_due_during_an_outage_are_queued_after_it() -> None:
    dispatcher = Dispatcher(100, (1, 2))
    for _ in range(5):
        dispatcher.fall_due(np.array([[30, 10]]))
        assert dispatcher.move(DOWN).sum() == 0
    moved = [dispatcher.move(UP) for _ in range(4)]
    assert np.sum(moved, axis=0).tolist() == [[150, 50]]
    assert all(rows.sum() <= 100 for rows in moved)
    assert dispatcher.behind.tolist() == [0]


def test_a_lane_does_not_delay_another() -> None:
    dispatcher = Dispatcher(100, (2, 1))
    dispatcher.fall_due(np.array([[80], [80]]))
    assert dispatcher.move(np.array([0, 1])).tolist() == [[0], [80]]
