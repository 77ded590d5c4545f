"""Runs the list of scenarios against Python's threading and queue, and prints one line per step: its number and its outcome."""

import queue
import sys
import threading
import time


class Actor:
    """A thread that does what it is told, one step at a time."""

    def __init__(self):
        self.steps = queue.Queue()
        self.outcomes = queue.Queue()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            operation, arguments = self.steps.get()
            try:
                self.outcomes.put(word(operation(*arguments)))
            except (RuntimeError, ValueError):
                self.outcomes.put("error")


def word(value):
    """An outcome as the list spells it."""
    if value is None:
        return "ok"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def hammered(lock, times_locked, threads, rounds):
    """Counts up under the lock, with a chance for others between reading and writing."""
    total = 0

    def work():
        nonlocal total
        for _ in range(int(rounds)):
            for _ in range(times_locked):
                lock.acquire()
            before = total
            time.sleep(0)
            total = before + 1
            for _ in range(times_locked):
                lock.release()

    run_all([work] * int(threads))
    return total


def run_all(works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Lock:
    def __init__(self):
        self.lock = threading.Lock()

    def acquire(self):
        self.lock.acquire()

    def do_try(self):
        return self.lock.acquire(blocking=False)

    def acquire_for(self, seconds):
        return self.lock.acquire(timeout=float(seconds))

    def release(self):
        self.lock.release()

    def do_is(self):
        return self.lock.locked()

    def hammer(self, threads, rounds):
        return hammered(self.lock, 1, threads, rounds)


class RLock(Lock):
    def __init__(self):
        self.lock = threading.RLock()

    def hammer(self, threads, rounds):
        return hammered(self.lock, 2, threads, rounds)


class Condition:
    def __init__(self):
        # Of a plain lock: the other side has no re-entrant one under its condition variable.
        self.condition = threading.Condition(threading.Lock())
        self.value = 0

    def acquire(self):
        self.condition.acquire()

    def do_try(self):
        return self.condition.acquire(blocking=False)

    def release(self):
        self.condition.release()

    def set(self, value):
        self.value = int(value)

    def wait(self, value):
        self.condition.wait_for(lambda: self.value >= int(value))

    def wait_for(self, value, seconds):
        return self.condition.wait_for(lambda: self.value >= int(value), float(seconds))

    def do_await(self, value):
        with self.condition:
            self.wait(value)

    def notify(self):
        self.condition.notify()

    def notify_all(self):
        self.condition.notify_all()


class Semaphore:
    def __init__(self, permits):
        self.semaphore = threading.Semaphore(int(permits))

    def acquire(self):
        self.semaphore.acquire()

    def do_try(self):
        return self.semaphore.acquire(blocking=False)

    def acquire_for(self, seconds):
        return self.semaphore.acquire(timeout=float(seconds))

    def release(self, count="1"):
        self.semaphore.release(int(count))

    def hammer(self, threads, rounds):
        return hammered(self.semaphore, 1, threads, rounds)


class Event:
    def __init__(self):
        self.event = threading.Event()

    def set(self):
        self.event.set()

    def clear(self):
        self.event.clear()

    def do_is(self):
        return self.event.is_set()

    def wait(self):
        self.event.wait()

    def wait_for(self, seconds):
        return self.event.wait(float(seconds))


class Barrier:
    def __init__(self, parties):
        self.barrier = threading.Barrier(int(parties))
        self.lock = threading.Lock()
        self.count = 0

    def wait(self):
        if self.barrier.wait() == 0:
            with self.lock:
                self.count += 1

    def leaders(self):
        with self.lock:
            return self.count


class Queue:
    def __init__(self, bound="0"):
        self.queue = queue.Queue(int(bound))

    def put(self, item):
        self.queue.put(item)

    def try_put(self, item):
        return self.full_or(lambda: self.queue.put(item, block=False))

    def put_for(self, item, seconds):
        return self.full_or(lambda: self.queue.put(item, timeout=float(seconds)))

    def get(self):
        return self.queue.get()

    def try_get(self):
        return self.empty_or(lambda: self.queue.get(block=False))

    def get_for(self, seconds):
        return self.empty_or(lambda: self.queue.get(timeout=float(seconds)))

    def full_or(self, operation):
        try:
            operation()
        except queue.Full:
            return "full"

    def empty_or(self, operation):
        try:
            return operation()
        except queue.Empty:
            return "empty"

    def task_done(self):
        self.queue.task_done()

    def join(self):
        self.queue.join()

    def len(self):
        return self.queue.qsize()

    def empty(self):
        return self.queue.empty()

    def full(self):
        return self.queue.full()

    def pipe(self, producers, consumers, count):
        """Sums up, in the consumers, what the producers put: the numbers from 0 on."""
        lock = threading.Lock()
        total = 0

        def produce(which):
            for number in range(int(count)):
                self.queue.put(which * int(count) + number)

        def consume():
            nonlocal total
            while (number := self.queue.get()) is not None:
                with lock:
                    total += number

        sinks = [threading.Thread(target=consume) for _ in range(int(consumers))]
        for sink in sinks:
            sink.start()
        run_all([lambda which=which: produce(which) for which in range(int(producers))])
        for _ in sinks:
            self.queue.put(None)
        for sink in sinks:
            sink.join()
        return total


KINDS = {
    "lock": Lock,
    "rlock": RLock,
    "condition": Condition,
    "semaphore": Semaphore,
    "event": Event,
    "barrier": Barrier,
    "queue": Queue,
}


def main(path):
    objects, actors = {}, {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            words = line.split("=>")[0].split()
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "scenario":
                objects, actors = {}, {}
            elif words[0] in KINDS:
                objects[words[1]] = KINDS[words[0]](*words[2:])
            else:
                name, how = words[0][:-1], words[0][-1]
                actor = actors.setdefault(name, None) or Actor()
                actors[name] = actor
                if how in ":>":
                    target, operation = words[1].split(".")
                    target = objects[target]
                    method = getattr(target, "do_" + operation, None) or getattr(target, operation)
                    actor.steps.put((method, words[2:]))
                if how in ":<":
                    print(number, actor.outcomes.get(), flush=True)


main(sys.argv[1])
