//! Channels, recorded.

extern crate std as shadow;

use crate::err::{RecvTimeoutError, SendTimeoutError, TryRecvError, TrySendError};
use crate::flavors::{array, list, zero};
use crate::select::{SelectHandle, Token};
use core::ops::Deref;
use shadow::time::Instant;

pub(crate) use shadow::__syncscope::instrumented_sync::hand_over::{Channel, End, Packet, Waits};
pub(crate) use shadow::__syncscope::instrumented_sync::raw::{Kind, Site, plain, site};

/// A flavour of channel, and who it is.
pub(crate) struct Recorded<C> {
    pub(crate) channel: Channel,
    real: C,
}

impl<C> Deref for Recorded<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.real
    }
}

/// What reports call channels of each kind, for messages of a type.
struct crossbeam_bounded<T>(T);
struct crossbeam_rendezvous<T>(T);
struct crossbeam_unbounded<T>(T);

macro_rules! recorded {
    ($($flavour:ident: $kind:ident, $is_bounded:literal;)+) => {$(
        impl<T> Recorded<$flavour::Channel<Packet<T>>> {
            pub(crate) fn $flavour(real: $flavour::Channel<Packet<T>>, site: Site) -> Self {
                Self { channel: Channel::new(Kind::channel::<$kind<T>>(), $is_bounded, site), real }
            }

            #[track_caller]
            pub(crate) fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
                match self.real.try_send(self.channel.pack(message)) {
                    Ok(()) => Ok(self.channel.sent(site())),
                    Err(TrySendError::Full(packet)) => {
                        self.channel.refused();
                        Err(TrySendError::Full(packet.unpack()))
                    }
                    Err(TrySendError::Disconnected(packet)) => {
                        Err(TrySendError::Disconnected(packet.unpack()))
                    }
                }
            }

            #[track_caller]
            pub(crate) fn send(
                &self,
                message: T,
                deadline: Option<Instant>,
            ) -> Result<(), SendTimeoutError<T>> {
                let site = site();
                let result = match self.real.try_send(self.channel.pack(message)) {
                    Err(TrySendError::Full(packet)) => {
                        let _waits = self.channel.waits_for_room(deadline.is_some(), site);
                        self.real.send(packet, deadline)
                    }
                    result => result.map_err(SendTimeoutError::from_tried),
                };
                match result {
                    Ok(()) => Ok(self.channel.sent(site)),
                    Err(SendTimeoutError::Timeout(packet)) => {
                        self.channel.refused();
                        Err(SendTimeoutError::Timeout(packet.unpack()))
                    }
                    Err(SendTimeoutError::Disconnected(packet)) => {
                        Err(SendTimeoutError::Disconnected(packet.unpack()))
                    }
                }
            }

            /// Sends what a select has chosen.
            #[track_caller]
            pub(crate) unsafe fn write(&self, token: &mut Token, message: T) -> Result<(), T> {
                // SAFETY: the caller keeps what this asks for.
                match unsafe { self.real.write(token, self.channel.pack(message)) } {
                    Ok(()) => Ok(self.channel.sent(site())),
                    Err(packet) => Err(packet.unpack()),
                }
            }

            #[track_caller]
            pub(crate) fn try_recv(&self) -> Result<T, TryRecvError> {
                self.channel.asking();
                match self.real.try_recv() {
                    Ok(packet) => Ok(self.channel.received(packet, false, site())),
                    Err(error) => {
                        match error {
                            TryRecvError::Empty => self.channel.is_empty(),
                            TryRecvError::Disconnected => self.channel.ended(false),
                        }
                        Err(error)
                    }
                }
            }

            #[track_caller]
            pub(crate) fn recv(&self, deadline: Option<Instant>) -> Result<T, RecvTimeoutError> {
                let site = site();
                self.channel.asking();
                let result = match self.real.try_recv() {
                    Ok(packet) => Ok(packet),
                    Err(TryRecvError::Disconnected) => Err(RecvTimeoutError::Disconnected),
                    Err(TryRecvError::Empty) => {
                        let _waits = self.channel.waits_for_message(deadline.is_some(), site);
                        self.real.recv(deadline)
                    }
                };
                match result {
                    Ok(packet) => Ok(self.channel.received(packet, deadline.is_none(), site)),
                    Err(error) => {
                        if error == RecvTimeoutError::Disconnected {
                            self.channel.ended(deadline.is_none());
                        }
                        Err(error)
                    }
                }
            }

            /// Receives what a select has chosen.
            #[track_caller]
            pub(crate) unsafe fn read(&self, token: &mut Token) -> Result<T, ()> {
                // SAFETY: the caller keeps what this asks for.
                match unsafe { self.real.read(token) } {
                    Ok(packet) => Ok(self.channel.received(packet, false, site())),
                    Err(()) => Err(self.channel.ended(false)),
                }
            }
        }
    )+};
}

recorded! {
    array: crossbeam_bounded, true;
    zero: crossbeam_rendezvous, true;
    list: crossbeam_unbounded, false;
}

/// The error of a call that waits, from that of one that does not.
trait FromTried<T> {
    fn from_tried(error: TrySendError<T>) -> Self;
}

impl<T> FromTried<T> for SendTimeoutError<T> {
    fn from_tried(error: TrySendError<T>) -> Self {
        match error {
            TrySendError::Full(message) => Self::Timeout(message),
            TrySendError::Disconnected(message) => Self::Disconnected(message),
        }
    }
}

type Handle<'a> = (&'a dyn SelectHandle, usize, *const u8);

/// One of these is about to be chosen.
pub(crate) fn choose(handles: &[Handle<'_>]) {
    Channel::choose(handles.iter().filter_map(|(handle, _, _)| handle.__end()));
}

/// None of these is ready, so the thread is about to wait.
pub(crate) fn select(handles: &[Handle<'_>], is_timed: bool, site: Site) -> Waits {
    let is_timed = is_timed || handles.iter().any(|(handle, _, _)| handle.deadline().is_some());
    Channel::select(handles.iter().filter_map(|(handle, _, _)| handle.__end()), is_timed, site)
}
