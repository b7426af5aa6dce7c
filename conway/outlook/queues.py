"""Queues: c servers, first come first served.

In:  when work arrives, how long each piece takes, how many servers there are.
Out: how long each piece waits, by simulation; the mean wait in closed form where arrivals and
     service times are exponential (M/M/c).

    a = arrival rate * mean service time,  rho = a / c
    C = (a^c / c!) / ((1 - rho) sum_{n<c} a^n / n! + a^c / c!)      Erlang's C
    mean wait = C * mean service time / (c (1 - rho))

Source: A. K. Erlang 1917; D. Gross and others, "Fundamentals of Queueing Theory", chapter 3.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Generator


def erlang_c(offered: float, *, servers: int) -> float:
    """Return the probability that an arrival has to wait, 1 where the queue grows for ever.

    Parameters
    ----------
    offered
        Arrival rate times mean service time.
    servers
        How many there are.

    Examples
    --------
    >>> round(erlang_c(0.5, servers=1), 6), round(erlang_c(1.0, servers=2), 6)
    (0.5, 0.333333)
    """
    if offered >= servers:
        return 1.0
    blocked = 1.0
    for number in range(1, servers + 1):  # Erlang's B, which is stable to compute
        blocked = offered * blocked / (number + offered * blocked)
    rho = offered / servers
    return blocked / (1 - rho * (1 - blocked))


def mmc_wait(arrivals_per_hour: float, service_hours: float, *, servers: int) -> float:
    """Return the mean hours of waiting in an M/M/c queue, infinite where it grows for ever.

    Examples
    --------
    >>> round(mmc_wait(0.5, 1.0, servers=1), 6)
    1.0
    """
    offered = arrivals_per_hour * service_hours
    if offered >= servers:
        return math.inf
    return erlang_c(offered, servers=servers) * service_hours / (servers - offered)


def simulate(arrivals: np.ndarray, services: np.ndarray, *, servers: int) -> np.ndarray:
    """Return how long each piece of work waits, first come first served (shape: arrivals).

    Parameters
    ----------
    arrivals
        When each arrives, in hours, in order (shape: arrivals).
    services
        How many hours each takes (shape: arrivals).
    servers
        How many work at a time.
    """
    import simpy

    world = simpy.Environment()
    desk = simpy.Resource(world, capacity=servers)
    waits = np.zeros(len(arrivals))

    def work(number: int) -> Generator[Any, Any, None]:
        arrived = world.now
        with desk.request() as turn:
            yield turn
            waits[number] = world.now - arrived
            yield world.timeout(services[number])

    def source() -> Generator[Any, Any, None]:
        for number, at in enumerate(arrivals.tolist()):
            yield world.timeout(max(0.0, at - world.now))
            world.process(work(number))

    world.process(source())
    world.run()
    return waits
