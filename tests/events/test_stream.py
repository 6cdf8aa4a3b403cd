import asyncio

from server.events.stream import Wakes


async def test_everybody_who_waits_goes_on_at_a_wake_up():
    wakes = Wakes(safety_seconds=60)
    waiting = [asyncio.create_task(wakes.wait(wakes.head)) for _ in range(3)]
    await asyncio.sleep(0)

    wakes.wake()

    done, pending = await asyncio.wait(waiting, timeout=5)
    assert (len(done), len(pending)) == (3, 0)


async def test_a_wake_up_between_reading_and_waiting_is_not_slept_through():
    wakes = Wakes(safety_seconds=60)
    seen = wakes.head

    wakes.wake()

    async with asyncio.timeout(5):
        await wakes.wait(seen)


async def test_many_wake_ups_fold_into_one():
    wakes = Wakes(safety_seconds=60)
    for _ in range(1000):
        wakes.wake()
    seen = wakes.head

    waiting = asyncio.create_task(wakes.wait(seen))
    done, _ = await asyncio.wait([waiting], timeout=0.05)

    assert done == set()
    waiting.cancel()


async def test_a_lost_notification_delays_only():
    wakes = Wakes(safety_seconds=0.01)

    async with asyncio.timeout(5):
        await wakes.wait(wakes.head)
