//! Logs, nodes and chain tables in layouts that a model cannot express.

use syncscope_recording::layout::{PAGE, chunk, chunk_kind, log, node};
use syncscope_recording::model::{
    ChainNode, Class, Clock, InstanceId, KeptAsleep, KeptKind, LikelyOrder, NodeId, OrderSide,
    OrderedBy, Recording, Site, SiteId, Stream, Thread, ThreadNum,
};
use syncscope_recording::read;
use syncscope_recording::testing::{
    ChunkBuilder, FileBuilder, LogBuilder, chain_table, node_tables,
};

fn read_chunks(chunks: Vec<ChunkBuilder>) -> Recording {
    let file = chunks.into_iter().fold(FileBuilder::new(), FileBuilder::chunk);
    read(&file.finish(), "").expect("a recording")
}

fn site(line: u32) -> Site {
    Site { file: "a.rs".into(), line, column: 1 }
}

fn nesting(thread: u32, parent: Option<u32>, instance: u32) -> ChainNode {
    ChainNode {
        thread: Some(ThreadNum(thread)),
        parent: parent.map(NodeId),
        instance: InstanceId(instance),
        last_segment: 5,
        count: 10,
        ..ChainNode::default()
    }
}

#[track_caller]
fn no_damage(recording: &Recording) {
    assert_eq!(recording.lost.damage, Vec::<String>::new());
}

#[test]
fn chain_tables_add_to_their_nodes() {
    let nodes = [nesting(1, None, 1), nesting(2, None, 2), nesting(0, None, 3)];
    let mut chunks = node_tables(&nodes, 2);
    chunks.push(chain_table(1, 8, &[(0, 3, 9)]));
    chunks.push(chain_table(2, 8, &[(1, 4, 2), (1, 1, 7)]));
    let recording = read_chunks(chunks);
    no_damage(&recording);
    let live: Vec<_> = recording.nodes.iter().map(|n| (n.count, n.last_segment)).collect();
    assert_eq!(live, [(13, 9), (15, 7), (10, 5)]);
}

#[test]
fn entries_beyond_the_capacity_and_free_tables_are_ignored() {
    let nodes = [nesting(1, None, 1)];
    let mut chunks = node_tables(&nodes, 2);
    chunks.push(chain_table(1, 8, &[(0, 3, 9)]).used(0));
    chunks.push(chain_table(1, 8, &[(0, 3, 9)]).u32(chunk::KIND, chunk_kind::FREE));
    let recording = read_chunks(chunks);
    no_damage(&recording);
    assert_eq!(recording.nodes[0].count, 10);
}

#[test]
fn an_entry_of_another_threads_node_is_not_counted() {
    let mut chunks = node_tables(&[nesting(1, None, 1)], 2);
    chunks.push(chain_table(2, 8, &[(0, 3, 9), (77, 3, 9)]));
    let recording = read_chunks(chunks);
    assert_eq!(recording.nodes[0].count, 10);
    assert_eq!(
        recording.lost.damage,
        ["2 counts of nestings are lost: the nesting is missing or of another thread"]
    );
}

#[test]
fn a_nesting_without_its_outer_locks_is_left_out() {
    let nodes = [
        nesting(1, None, 1),
        nesting(1, Some(0), 2),
        nesting(1, Some(1), 3),
        nesting(1, None, 4),
        nesting(1, Some(3), 5),
    ];
    let chunk = node_tables(&nodes, 8).remove(0);
    // The second was being written when the process died.
    let recording = read_chunks(vec![chunk.u32(chunk::PAYLOAD + node::SIZE + node::READY, 0)]);
    let kept: Vec<_> = recording.nodes.iter().map(|n| (n.instance.0, n.parent)).collect();
    assert_eq!(kept, [(1, None), (4, None), (5, Some(NodeId(1)))]);
    assert_eq!(
        recording.lost.damage,
        ["1 nestings are left out: an outer lock of theirs is missing"]
    );
}

#[test]
fn node_chunks_may_lie_in_any_order_with_gaps_between() {
    let nodes: Vec<_> = (0..9).map(|n: u32| nesting(1, n.checked_sub(1), n + 1)).collect();
    let mut chunks = node_tables(&nodes, 3);
    chunks.reverse();
    assert_eq!(read_chunks(chunks.clone()).nodes.len(), 9);
    // Without the first chunk nothing has its outermost lock.
    chunks.pop();
    let recording = read_chunks(chunks);
    assert_eq!(recording.nodes.len(), 0);
    assert_eq!(
        recording.lost.damage,
        ["6 nestings are left out: an outer lock of theirs is missing"]
    );
}

#[test]
fn a_node_never_follows_its_child() {
    let mut child = nesting(1, Some(1), 1);
    child.parent = Some(NodeId(1));
    let recording = read_chunks(node_tables(&[child, nesting(1, None, 2)], 8));
    assert_eq!(recording.nodes.len(), 1);
    assert_eq!(recording.nodes[0].instance, InstanceId(2));
}

#[test]
fn records_behind_the_end_in_use_do_not_exist() {
    let log = LogBuilder::new().site(1, &site(1));
    let used = log.len() as u64;
    let recording = read_chunks(vec![log.site(2, &site(2)).chunk().used(used)]);
    no_damage(&recording);
    assert_eq!(recording.sites, [Site::default(), site(1)]);
}

#[test]
fn a_torn_log_keeps_what_is_before() {
    let log = LogBuilder::new().site(1, &site(1));
    let second = chunk::PAYLOAD + log.len();
    let log = log.site(2, &site(2)).chunk();
    for len in [0, 4, 12, 1 << 20, u32::MAX] {
        let recording = read_chunks(vec![log.clone().u32(second + 4, len)]);
        assert_eq!(recording.sites, [Site::default(), site(1)], "{len}");
        assert_eq!(
            recording.lost.damage,
            ["the log at offset 4096 cannot be read in its last 32 bytes"]
        );
    }
}

#[test]
fn records_that_lie_about_their_lengths_are_skipped() {
    let huge = u32::MAX.to_le_bytes();
    let counted = |fields: usize| [vec![0; fields * 4], huge.to_vec(), vec![0; 64]].concat();
    let log = LogBuilder::new()
        .record(log::SITE, &counted(3))
        .record(log::CLOCK, &counted(3))
        .record(log::STACK, &counted(1))
        .record(log::DEADLOCK, &counted(4))
        .record(log::DECLARED_ORDER, &counted(0))
        .record(log::CLASS, &[])
        .site(1, &site(1));
    let recording = read_chunks(vec![log.chunk()]);
    assert_eq!(recording.sites, [Site::default(), site(1)]);
    assert_eq!(recording.lost.damage, ["6 log records are shorter than their fields"]);
}

#[test]
fn numbers_that_make_no_sense_do_not_fill_the_memory() {
    let class = Class::default();
    let log = LogBuilder::new()
        .site(u32::MAX, &site(1))
        .site(0, &site(2))
        .class(1 << 30, &class)
        .site(3, &site(3));
    let recording = read_chunks(vec![log.chunk()]);
    assert_eq!(recording.sites, [Site::default(), Site::default(), Site::default(), site(3)]);
    assert_eq!(recording.lost.damage, ["3 log records have a number that makes no sense"]);
}

#[test]
fn references_to_what_is_not_there_become_none() {
    let node = ChainNode {
        site: SiteId(9),
        class: syncscope_recording::model::ClassId(9),
        first_clock: Some(9),
        stack: Some(9),
        ..nesting(1, None, 1)
    };
    let class = Class { site: SiteId(9), stack: Some(9), ..Class::default() };
    let thread = Thread { number: ThreadNum(1), spawn_site: SiteId(9), ..Thread::default() };
    let mut chunks = node_tables(&[node], 1);
    chunks.push(LogBuilder::new().class(1, &class).thread(&thread).chunk());
    let recording = read_chunks(chunks);
    let node = &recording.nodes[0];
    assert_eq!((node.site.0, node.class.0, node.first_clock, node.stack), (0, 0, None, None));
    assert_eq!((recording.classes[1].site.0, recording.classes[1].stack), (0, None));
    assert_eq!(recording.threads[&ThreadNum(1)].spawn_site.0, 0);
    assert_eq!(
        recording.lost.damage,
        ["1 nestings have lost their clock", "1 nestings have lost their lock class"]
    );
}

#[test]
fn later_records_correct_earlier_ones() {
    let thread = |name: Option<&str>, os_tid| Thread {
        number: ThreadNum(3),
        name: name.map(Into::into),
        os_tid,
        ..Thread::default()
    };
    let class = |name: &str| Class { name: Some(name.into()), ..Class::default() };
    let first = LogBuilder::new()
        .thread(&thread(Some("worker"), 0))
        .thread(&thread(None, 55))
        .class(1, &class("old"))
        .chunk()
        .index(0);
    let second = LogBuilder::new().thread_name(4, "later").class(1, &class("new")).chunk().index(1);
    let recording = read_chunks(vec![second, first]);
    no_damage(&recording);
    let worker = &recording.threads[&ThreadNum(3)];
    assert_eq!((worker.name.as_deref(), worker.os_tid), (Some("worker"), 55));
    assert_eq!(recording.threads[&ThreadNum(4)].name.as_deref(), Some("later"));
    assert_eq!(recording.classes[1].name.as_deref(), Some("new"));
}

#[test]
fn clocks_are_sorted_and_name_each_thread_once() {
    let clock = Clock {
        thread: ThreadNum(1),
        segment: 4,
        entries: [(9, 1), (2, 2), (9, 7), (2, 1)].map(|(t, s)| (ThreadNum(t), s)).to_vec(),
    };
    let recording = read_chunks(vec![LogBuilder::new().clock(5, &clock).chunk()]);
    assert_eq!(recording.clocks[0].entries, [(ThreadNum(2), 2), (ThreadNum(9), 7)]);
}

#[test]
fn text_of_the_program_is_never_taken_for_a_chunk() {
    // A site's file whose bytes are a chunk header, page by page.
    let fake = ChunkBuilder::new(chunk_kind::FREE).finish();
    let text = String::from_utf8_lossy(&fake[..chunk::PAYLOAD]).into_owned();
    let mut name = " ".repeat(PAGE - chunk::PAYLOAD - log::HEADER - 16);
    for _ in 0..3 {
        name.push_str(&text);
        name.push_str(&" ".repeat(PAGE - text.len()));
    }
    let named = Site { file: name, line: 1, column: 1 };
    let recording = read_chunks(vec![LogBuilder::new().site(1, &named).chunk()]);
    no_damage(&recording);
    assert_eq!(recording.sites[1], named);
}

#[test]
fn records_of_later_versions_are_read_as_far_as_they_are_known() {
    use syncscope_recording::layout::{VERSION_MINOR, header};
    let mut payload = vec![1, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0];
    payload.extend(b"a.rs");
    payload.extend([0xFF; 20]);
    let log = LogBuilder::new().record(200, &[1; 40]).record(log::SITE, &payload);
    let file = FileBuilder::new()
        .put(header::MINOR, &(VERSION_MINOR + 1).to_le_bytes())
        .chunk(ChunkBuilder::new(4711))
        .chunk(log.chunk())
        .finish();
    let recording = read(&file, "").expect("a recording");
    no_damage(&recording);
    assert_eq!(recording.sites[1], site(7));
    assert_eq!(recording.streams.len(), Vec::<Stream>::new().len());
}

#[test]
fn what_rests_on_something_shared_is_left_out() {
    let words =
        |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    let log = LogBuilder::new()
        // Certain: thread 1. On ground 7: thread 2. On grounds 7 and 8: thread 1, further on, and thread 3.
        .record(
            log::CLOCK,
            &words(&[0, 9, 1, 1, 1, 4, 3, 2, 5, 1, 7, 1, 6, 2, 7, 8, 3, 2, 2, 7, 8]),
        )
        .record(log::CLOCK, &words(&[1, 9, 2, 0, 1, 2, 6, 1, 7]))
        // As older writers leave it.
        .record(log::CLOCK, &words(&[2, 9, 3, 1, 2, 3]));
    let read = |log: LogBuilder| read_chunks(vec![log.chunk()]);
    let entries = |recording: &Recording| -> Vec<Vec<(u32, u32)>> {
        let of = |clock: &Clock| clock.entries.iter().map(|(thread, at)| (thread.0, *at)).collect();
        recording.clocks.iter().map(of).collect()
    };
    let all = read(log.clone());
    no_damage(&all);
    assert_eq!(entries(&all), [vec![(1, 6), (2, 5), (3, 2)], vec![(2, 6)], vec![(2, 3)]]);
    // That the object was shared comes to light later, and holds for all clocks.
    let shared = read(log.record(log::SHARED, &words(&[8])));
    no_damage(&shared);
    assert_eq!(entries(&shared), [vec![(1, 4), (2, 5)], vec![(2, 6)], vec![(2, 3)]]);
}

#[test]
fn a_condition_variable_orders_unless_its_ground_is_shared() {
    let words = |words: &[u32]| words.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<_>>();
    let order = |ground| words(&[1, 2, 3, 4, 5, 6, ground, 1, 7]);
    let log = LogBuilder::new()
        // Cut off: there is no such order, and it has no ground.
        .record(log::NOTIFY_ORDER, &order(8)[..32])
        .record(log::NOTIFY_ORDER, &order(8))
        .record(log::NOTIFY_ORDER, &order(9));
    let read = |log: LogBuilder| read_chunks(vec![log.chunk()]).likely_orders;
    let side = |thread, segment, site| OrderSide {
        thread: ThreadNum(thread),
        segment,
        at: 0,
        site: SiteId(site),
    };
    let expected = LikelyOrder {
        by: OrderedBy::Condition,
        told: side(1, 2, 3),
        learnt: side(4, 5, 6),
        held: vec![InstanceId(7)],
    };
    assert_eq!(read(log.clone()), [expected.clone(), expected.clone()]);
    assert_eq!(read(log.record(log::SHARED, &words(&[8]))), [expected]);
}

#[test]
fn what_was_given_back_after_all_voids_what_was_recorded_before() {
    let kept = |kind, instance, ticks| KeptAsleep {
        kind,
        instance: InstanceId(instance),
        ticks,
        ..KeptAsleep::default()
    };
    let log = LogBuilder::new()
        .kept_asleep(&kept(KeptKind::Forgotten, 1, 1))
        .kept_asleep(&kept(KeptKind::Left, 1, 2))
        .kept_asleep(&kept(KeptKind::Guard, 1, 3))
        .kept_asleep(&kept(KeptKind::Forgotten, 2, 4))
        .given_back(InstanceId(1))
        .kept_asleep(&kept(KeptKind::Forgotten, 1, 5));
    let recording = read_chunks(vec![log.chunk()]);
    no_damage(&recording);
    let left: Vec<_> = recording.kept_asleep.iter().map(|kept| kept.ticks).collect();
    assert_eq!(left, [3, 4, 5]);
}
