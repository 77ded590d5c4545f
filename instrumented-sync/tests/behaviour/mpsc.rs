//! Channels.

use std::time::Duration;

/// The rest of an iterator.
fn drain(iterator: impl Iterator<Item = i32>) -> Vec<i32> {
    iterator.collect()
}

scenarios! {
    fn keeps_order_and_ends() -> (Vec<i32>, String) {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || (0..100).for_each(|i| sender.send(i).unwrap()));
        let received = drain(receiver.iter());
        thread.join().unwrap();
        (received, format!("{:?} {:?}", receiver.recv(), receiver.try_recv()))
    }

    fn a_receiver_waits_for_a_message() -> i32 {
        let (sender, receiver) = mpsc::channel();
        let begun = Barrier::new(2);
        thread::scope(|scope| {
            let waiter = scope.spawn(|| {
                let receiver = receiver;
                begun.wait();
                receiver.recv().unwrap()
            });
            begun.wait();
            sender.send(4).unwrap();
            waiter.join().unwrap()
        })
    }

    fn a_receiver_hears_of_the_last_sender() -> (String, String) {
        let (sender, receiver) = mpsc::channel::<i32>();
        let clone = sender.clone();
        let begun = Arc::new(Barrier::new(2));
        let waiter = thread::spawn({
            let begun = begun.clone();
            move || {
                begun.wait();
                let first = format!("{:?}", receiver.recv());
                (first, format!("{:?}", receiver.recv_timeout(Duration::ZERO)))
            }
        });
        begun.wait();
        drop(sender);
        drop(clone);
        waiter.join().unwrap()
    }

    fn a_bounded_sender_waits_for_room() -> Vec<i32> {
        let (sender, receiver) = mpsc::sync_channel(2);
        let full = Barrier::new(2);
        thread::scope(|scope| {
            let full = &full;
            scope.spawn(move || {
                sender.send(1).unwrap();
                sender.send(2).unwrap();
                assert_eq!(sender.try_send(0), Err(mpsc::TrySendError::Full(0)));
                full.wait();
                sender.send(3).unwrap();
            });
            full.wait();
            drain(receiver.iter())
        })
    }

    fn a_rendezvous_hands_over() -> Vec<i32> {
        let (sender, receiver) = mpsc::sync_channel(0);
        assert_eq!(sender.try_send(1), Err(mpsc::TrySendError::Full(1)));
        thread::scope(|scope| {
            scope.spawn(move || (0..50).for_each(|i| sender.send(i).unwrap()));
            drain(receiver.into_iter())
        })
    }

    fn a_sender_hears_of_the_receiver() -> Vec<String> {
        let (sender, receiver) = mpsc::channel();
        let (bounded, other) = mpsc::sync_channel(1);
        drop((receiver, other));
        vec![
            format!("{:?}", sender.send(1)),
            format!("{:?}", bounded.send(2)),
            format!("{:?}", bounded.try_send(3)),
        ]
    }

    fn a_blocked_sender_hears_of_the_receiver() -> String {
        let (sender, receiver) = mpsc::sync_channel(0);
        let begun = Barrier::new(2);
        thread::scope(|scope| {
            let blocked = scope.spawn(|| {
                begun.wait();
                format!("{:?}", sender.send(1))
            });
            begun.wait();
            drop(receiver);
            blocked.join().unwrap()
        })
    }

    fn takes_without_waiting() -> Vec<String> {
        let (sender, receiver) = mpsc::channel();
        let mut log = vec![format!("{:?}", receiver.try_recv())];
        log.push(format!("{:?}", receiver.recv_timeout(Duration::from_millis(1))));
        (0..5).for_each(|i| sender.send(i).unwrap());
        log.push(format!("{:?}", receiver.recv_timeout(Duration::MAX)));
        log.push(format!("{:?}", drain(receiver.try_iter())));
        log.push(format!("{:?}", receiver.try_iter().next()));
        log
    }

    fn iterates_by_reference() -> Vec<i32> {
        let (sender, receiver) = mpsc::sync_channel(8);
        (0..3).for_each(|i| sender.clone().send(i).unwrap());
        drop(sender);
        let mut all = Vec::new();
        for message in &receiver {
            all.push(message);
        }
        all
    }

    fn drops_messages_with_the_channel() -> usize {
        let value = Arc::new(());
        let (sender, receiver) = mpsc::channel();
        sender.send(value.clone()).unwrap();
        drop(receiver);
        sender.send(value.clone()).unwrap_err();
        Arc::strong_count(&value)
    }

    fn shows_itself() -> Vec<String> {
        let (sender, receiver) = mpsc::channel::<u8>();
        let (bounded, _other) = mpsc::sync_channel::<u8>(1);
        vec![
            format!("{sender:?} {bounded:?} {receiver:?}"),
            format!("{:?} {:?}", receiver.iter(), receiver.try_iter()),
            format!("{:?}", receiver.into_iter()),
        ]
    }
}
