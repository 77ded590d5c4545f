// Hot path: no allocation, no global lock, no formatting, no syscalls.
//! The calls that a thread is in.

use super::contexts::{self, Context};
use super::pool;
use std::cell::Cell;
use std::ptr::NonNull;

/// Calls of a thread that are told apart; deeper ones count as made by the last of these.
const FRAMES: usize = 1 << 16;

/// Calls around an access that are near it.
const NEAR: usize = 4;

/// Places in the code that a thread finds at once.
const PLACES: usize = 1 << 10;

/// A call that a thread is in.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Frame {
    /// A return address.
    from: Cell<usize>,
    /// Its place, once somebody has asked.
    place: Cell<Context>,
    /// Its number, once somebody has asked; 0 before.
    number: Cell<u32>,
    /// The thread's time when it was made, see [`Calls::begin_time`]; wraps.
    since: Cell<u32>,
}

/// Of one thread. Only that thread uses them.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Calls {
    /// Behind the innermost, behind the last that there is room for, and where they begin.
    top: Cell<*const Frame>,
    limit: *const Frame,
    frames: NonNull<Frame>,
    /// The thread's time.
    now: Cell<u32>,
    /// Numbers that were given to calls; wraps.
    numbers: Cell<u32>,
    /// Contexts: what they are in, where, and which.
    places: [Cell<(usize, Context, Context)>; PLACES],
}

impl Calls {
    /// Room for the calls of a thread.
    #[cold]
    pub(super) fn reserve() -> Option<NonNull<Frame>> {
        Some(pool::reserve(FRAMES * size_of::<Frame>())?.cast())
    }

    /// Makes those of a thread that is in no call, in zeros.
    ///
    /// # Safety
    ///
    /// `into` is valid for writes and zeroed; the frames came from [`reserve`](Self::reserve), for this only.
    #[cold]
    pub(super) unsafe fn begin(into: *mut Self, frames: NonNull<Frame>) {
        // SAFETY: by the caller; behind the last frame the mapping ends.
        unsafe {
            (&raw mut (*into).frames).write(frames);
            (&raw mut (*into).limit).write(frames.add(FRAMES).as_ptr());
            (&raw mut (*into).top).write(Cell::new(frames.as_ptr()));
        }
    }

    /// The thread is in no call any more.
    #[cold]
    pub(super) fn leave_all(&self) {
        self.top.set(self.frames.as_ptr());
    }

    /// A call was made, from here.
    #[inline]
    pub(crate) fn call(&self, from: usize) {
        let top = self.top.get();
        if top < self.limit {
            // SAFETY: inside the mapping, as it is below its end and never below its beginning.
            let frame = unsafe { &*top };
            frame.from.set(from);
            frame.place.set(Context::NONE);
            frame.number.set(0);
            frame.since.set(self.now.get());
        }
        self.top.set(top.wrapping_add(1));
    }

    /// The innermost call returns.
    #[inline]
    pub(crate) fn leave(&self) {
        let top = self.top.get();
        if top > self.frames.as_ptr() {
            self.top.set(top.wrapping_sub(1));
        }
    }

    /// The calls that the thread is in, as far as there was room.
    #[inline]
    fn calls(&self) -> &[Frame] {
        let first = self.frames.as_ptr().cast_const();
        let last = self.top.get().min(self.limit);
        // SAFETY: both are in the mapping, or behind its last frame; the frames between them have been written.
        unsafe { std::slice::from_raw_parts(first, last.offset_from_unsigned(first)) }
    }

    /// Where the code at this address is in the calls of the thread.
    #[inline]
    pub(super) fn here(&self, at: usize) -> Context {
        let inside = match self.calls().last() {
            Some(call) if call.place.get() != Context::NONE => call.place.get(),
            None => Context::NONE,
            Some(_) => self.place_of_calls(),
        };
        self.place(inside, at, contexts::Kind::Access)
    }

    /// The thread's accesses from here on have this time.
    #[inline]
    pub(super) fn begin_time(&self, time: u64) {
        self.now.set(time as u32);
    }

    /// Whether the thread has made an access, at that time, in the innermost calls that it is in, or near them.
    #[cold]
    pub(super) fn were_near(&self, place: Context, time: u64) -> bool {
        let is_caller = |call: &Frame| {
            contexts::callers(place).take(NEAR).any(|caller| caller == call.place.get())
        };
        // Times wrap.
        let was_there = |call: &&Frame| (time as u32).wrapping_sub(call.since.get()) < 1 << 31;
        self.calls().iter().rev().take(NEAR).filter(was_there).any(is_caller)
    }

    /// Return addresses of the calls, innermost first.
    #[inline]
    pub(super) fn callers(&self) -> impl Iterator<Item = usize> + '_ {
        self.calls().iter().rev().map(|call| call.from.get())
    }

    /// The number of the innermost call, which no other has had for long; 0 where calls are not told apart.
    #[inline]
    pub(super) fn innermost(&self) -> u32 {
        let top = self.top.get();
        if top > self.limit || top == self.frames.as_ptr() {
            return 0;
        }
        // SAFETY: the last frame that was written, in the mapping.
        let call = unsafe { &*top.sub(1) };
        if call.number.get() == 0 {
            let next = self.numbers.get().wrapping_add(1).max(1);
            self.numbers.set(next);
            call.number.set(next);
        }
        call.number.get()
    }

    /// Names the places of all calls. That of the innermost.
    #[inline(never)]
    fn place_of_calls(&self) -> Context {
        let calls = self.calls();
        let is_named = |call: &Frame| call.place.get() != Context::NONE;
        let mut first = calls.len();
        while first > 0 && !is_named(&calls[first - 1]) {
            first -= 1;
        }
        let (named, unnamed) = calls.split_at(first);
        let mut place = named.last().map_or(Context::NONE, |call| call.place.get());
        for call in unnamed {
            place = self.place(place, call.from.get(), contexts::Kind::Call);
            call.place.set(place);
        }
        place
    }

    #[inline(always)]
    fn place(&self, inside: Context, at: usize, kind: contexts::Kind) -> Context {
        let mixed = (at ^ (inside.0 as usize) << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = &self.places[(mixed >> 32) % PLACES];
        let (of, known, context) = place.get();
        if of == at && known == inside {
            return context;
        }
        self.find_place(place, inside, at, kind)
    }

    #[cold]
    fn find_place(
        &self,
        place: &Cell<(usize, Context, Context)>,
        inside: Context,
        at: usize,
        kind: contexts::Kind,
    ) -> Context {
        let context = contexts::find(inside, at, kind);
        place.set((at, inside, context));
        context
    }
}
