//! The executable and libraries of the process: what turns a raw address into a place later, and tells a static from the heap.

use syncscope_recording::layout::log;
use syncscope_recording::writer::{LogRecord, RecordingFile};

/// A loaded object.
#[derive(Clone, Debug, Default)]
struct Module {
    base: u64,
    end: u64,
    path: String,
    build_id: String,
}

/// What was loaded when recording began.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    loaded: Vec<Module>,
    /// Where their writable data is.
    writable: Vec<std::ops::Range<u64>>,
}

impl Modules {
    /// What is loaded now. In the child of a fork what was in its parent: another thread may have held the loader's lock.
    #[cold]
    pub(crate) fn find(of_parent: Option<&Self>) -> Self {
        match of_parent {
            Some(Self { loaded, writable }) => {
                Self { loaded: loaded.clone(), writable: writable.clone() }
            }
            None => Self { loaded: loaded(), writable: writable() },
        }
    }

    /// Records what was loaded when recording began.
    #[cold]
    pub(crate) fn record(&self, file: &RecordingFile) {
        for module in &self.loaded {
            file.append(
                LogRecord::new(log::MODULE)
                    .u64(module.base)
                    .u64(module.end)
                    .string(&module.path)
                    .string(&module.build_id),
            );
        }
    }

    /// Whether an address lies in the writable data of a loaded object: the value there is a `static`. Something may have been loaded
    /// since the beginning: that is looked at if `may_look`, which takes the loader's lock.
    #[cold]
    pub(crate) fn is_static(&self, address: u64, may_look: bool) -> bool {
        let is_in = |writable: &[std::ops::Range<u64>]| {
            writable.iter().any(|segment| segment.contains(&address))
        };
        is_in(&self.writable) || may_look && is_in(&writable())
    }

    /// Where the writable data was that was loaded when recording began.
    #[cfg(feature = "accesses")]
    pub(crate) fn writable(&self) -> impl Iterator<Item = std::ops::Range<u64>> + '_ {
        self.writable.iter().cloned()
    }
}

fn writable() -> Vec<std::ops::Range<u64>> {
    let mut found = Vec::new();
    walk(&mut |info| {
        let is_writable = |segment: &&libc::Elf64_Phdr| {
            segment.p_type == libc::PT_LOAD && segment.p_flags & libc::PF_W != 0
        };
        found.extend(segments(info).filter(is_writable).map(|segment| {
            let start = info.dlpi_addr + segment.p_vaddr;
            start..start + segment.p_memsz
        }));
    });
    found
}

fn loaded() -> Vec<Module> {
    let mut modules = Vec::new();
    walk(&mut |info| {
        let loads = || segments(info).filter(|segment| segment.p_type == libc::PT_LOAD);
        // SAFETY: the loader gives a string that lives as long as the callback.
        let path =
            unsafe { std::ffi::CStr::from_ptr(info.dlpi_name) }.to_string_lossy().into_owned();
        modules.push(Module {
            // The difference between addresses in memory and addresses in the file: what symbolisation subtracts.
            base: info.dlpi_addr,
            end: info.dlpi_addr
                + loads().map(|segment| segment.p_vaddr + segment.p_memsz).max().unwrap_or(0),
            path,
            build_id: build_id(info),
        });
    });
    // The first object is the executable, whose name the loader leaves empty.
    if let Some(first) = modules.first_mut().filter(|module| module.path.is_empty()) {
        first.path =
            std::env::current_exe().map(|path| path.display().to_string()).unwrap_or_default();
    }
    modules
}

/// The build id in a `PT_NOTE` segment, in hexadecimal.
fn build_id(info: &libc::dl_phdr_info) -> String {
    const NT_GNU_BUILD_ID: u32 = 3;
    for segment in segments(info).filter(|segment| segment.p_type == libc::PT_NOTE) {
        let start = (info.dlpi_addr + segment.p_vaddr) as *const u8;
        // SAFETY: a PT_NOTE segment is part of a loaded, readable segment of this size.
        let notes = unsafe { std::slice::from_raw_parts(start, segment.p_memsz as usize) };
        let mut rest = notes;
        while let Some((head, body)) = rest.split_at_checked(12) {
            let word = |at: usize| {
                u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]])
            };
            let (name, desc) = (word(0) as usize, word(4) as usize);
            let desc_at = name.next_multiple_of(4);
            let Some(value) = body.get(desc_at..desc_at + desc) else { break };
            if word(8) == NT_GNU_BUILD_ID && body.starts_with(b"GNU\0") {
                return value.iter().map(|byte| format!("{byte:02x}")).collect();
            }
            let Some(next) = body.get(desc_at + desc.next_multiple_of(4)..) else { break };
            rest = next;
        }
    }
    String::new()
}

fn segments(info: &libc::dl_phdr_info) -> impl Iterator<Item = &libc::Elf64_Phdr> {
    let (start, count) = (info.dlpi_phdr, info.dlpi_phnum as usize);
    if start.is_null() {
        return [].iter();
    }
    // SAFETY: the loader gives `count` program headers that live as long as the callback.
    unsafe { std::slice::from_raw_parts(start, count) }.iter()
}

fn walk(visit: &mut dyn FnMut(&libc::dl_phdr_info)) {
    unsafe extern "C" fn callback(
        info: *mut libc::dl_phdr_info,
        _: usize,
        data: *mut libc::c_void,
    ) -> i32 {
        // SAFETY: `data` is the reference that `walk` passes; `info` is valid during the callback.
        unsafe {
            let visit = &mut *data.cast::<&mut dyn FnMut(&libc::dl_phdr_info)>();
            visit(&*info);
        }
        0
    }
    let mut visit = visit;
    // SAFETY: the callback gets the reference back as it is and does not outlive the call.
    unsafe { libc::dl_iterate_phdr(Some(callback), (&raw mut visit).cast()) };
}
