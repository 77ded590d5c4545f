//! The file on disk, which is open only while it grows.
//!
//! No descriptor is kept. A program may close descriptors that it did not open, put its own files in their place, count
//! them, or use them up; so one of ours could be another file at any time, and would be seen even where it is not. The file is known by its
//! path, device and inode: it is opened when it grows, a few times in the life of a process, looked at before and after, and closed
//! again, but only if the descriptor is then still that of this file.

use super::fork_gate::Opening;
use std::fs::{OpenOptions, Permissions};
use std::io;
use std::os::fd::{IntoRawFd, RawFd};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Numbers at which an inherited descriptor is looked for.
const SEARCHED: RawFd = 1024;

/// The file.
#[derive(Debug)]
pub(super) struct Disk {
    path: PathBuf,
    identity: Identity,
    /// The folder at which paths began when the file was made.
    root: Option<Identity>,
}

/// What tells a file from all others as long as it is open or mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
}

impl Disk {
    /// Makes a new file. Nobody but its owner may read it, whatever the program's umask is.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        let _opening = Opening::begin();
        let file =
            OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        file.set_permissions(Permissions::from_mode(0o600))?;
        let identity = Identity::of(&file.metadata()?);
        Ok(Self { path, identity, root: root() })
    }

    /// Gives the file another name.
    pub(super) fn rename(&mut self, path: &Path) -> io::Result<()> {
        let path = std::path::absolute(path)?;
        std::fs::rename(&self.path, &path)?;
        self.path = path;
        Ok(())
    }

    /// The path, absolute.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How long the file is; `None` when it is not at its path any more.
    pub(super) fn len_by_path(&self) -> Option<u64> {
        let metadata = std::fs::symlink_metadata(&self.path).ok()?;
        (Identity::of(&metadata) == self.identity).then_some(metadata.len())
    }

    /// Whether the file is surely not at its path any more: a program that has changed its root or its user only cannot see it.
    pub(super) fn is_gone(&self) -> bool {
        match std::fs::symlink_metadata(&self.path) {
            Ok(there) => Identity::of(&there) != self.identity && self.root == root(),
            Err(error) => error.kind() == io::ErrorKind::NotFound && self.root == root(),
        }
    }

    /// Opens it.
    pub(super) fn open(&self) -> io::Result<Opened<'_>> {
        let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
        let opening = Opening::begin();
        let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(&self.path);
        let fd = lift(file?.into_raw_fd());
        let opened = Opened { disk: self, fd, _opening: opening };
        if opened.is_ours() {
            return Ok(opened);
        }
        // Another file at our path is closed; another one at our descriptor is the program's.
        let there = std::fs::symlink_metadata(&self.path).ok().map(|there| Identity::of(&there));
        if there.is_some() && there == Identity::of_descriptor(fd) {
            close(fd);
        }
        Err(io::Error::other("another file has taken its place"))
    }

    /// In the child of a fork: closes what the parent may have had open just then.
    pub(super) fn close_inherited(&self) {
        for fd in (0..SEARCHED).filter(|fd| Identity::of_descriptor(*fd) == Some(self.identity)) {
            close(fd);
        }
    }
}

/// The file while it is open.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    disk: &'a Disk,
    fd: RawFd,
    /// Ends after the descriptor is closed.
    _opening: Opening,
}

impl Opened<'_> {
    /// Whether the descriptor is still that of the file.
    pub(super) fn is_ours(&self) -> bool {
        Identity::of_descriptor(self.fd) == Some(self.disk.identity)
    }

    /// For calls.
    pub(super) fn descriptor(&self) -> RawFd {
        self.fd
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        if self.is_ours() {
            close(self.fd);
        }
    }
}

impl Identity {
    fn of(metadata: &std::fs::Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    fn of_descriptor(fd: RawFd) -> Option<Self> {
        let stat = status(fd)?;
        Some(Self { device: stat.st_dev, inode: stat.st_ino })
    }
}

/// The folder at which paths begin.
fn root() -> Option<Identity> {
    std::fs::metadata("/").ok().map(|root| Identity::of(&root))
}

/// What the kernel tells of a descriptor; `None` when it is not open.
pub(super) fn status(fd: RawFd) -> Option<libc::stat> {
    // SAFETY: the place is valid, and filled where the call succeeds.
    unsafe {
        let mut stat: libc::stat = std::mem::zeroed();
        (libc::fstat(fd, &raw mut stat) == 0).then_some(stat)
    }
}

fn close(fd: RawFd) {
    // SAFETY: the caller has just seen that the descriptor is that of our file.
    unsafe { libc::close(fd) };
}

/// Numbers from here on are out of the way of most programs. Not higher: the kernel's table of 64 would have to grow, and stay so.
const HIGH: libc::rlim_t = 48;

/// Moves a descriptor out of the way of the numbers that other threads get for theirs: the lowest free one is what a program may count on.
fn lift(fd: RawFd) -> RawFd {
    // SAFETY: the place is valid; the descriptor was opened by the caller.
    unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit);
        let from = (limit.rlim_cur / 4 * 3).min(HIGH);
        match libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, from as libc::c_int) {
            -1 => fd,
            high => {
                libc::close(fd);
                high
            }
        }
    }
}
