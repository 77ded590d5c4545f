//! The log records of orders of one schedule.

use super::bytes::Cursor;
use super::tables::Tables;
use crate::model::{InstanceId, LikelyOrder, OrderSide, OrderedBy, SiteId, ThreadNum};

/// Adds an order that an atomic gives to the tables. `None` when the record is shorter than its fields.
pub(super) fn by_atomic(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let by = OrderedBy::Atomic { address: fields.u64()?, size: fields.u32()?, name: None };
    let mut side = || {
        let (thread, segment) = (ThreadNum(fields.u32()?), fields.u32()?);
        Some(OrderSide { thread, segment, at: fields.u64()?, site: SiteId::default() })
    };
    let (told, learnt) = (side()?, side()?);
    tables.likely_orders.push(LikelyOrder { by, told, learnt, held: held(fields)? });
    Some(())
}

/// As [`by_atomic`], of an order that a join gives.
pub(super) fn by_join(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let mut side = || {
        let (thread, segment) = (ThreadNum(fields.u32()?), fields.u32()?);
        Some(OrderSide { thread, segment, ..OrderSide::default() })
    };
    let (told, mut learnt) = (side()?, side()?);
    learnt.site = SiteId(fields.u32()?);
    let by = OrderedBy::Join;
    tables.likely_orders.push(LikelyOrder { by, told, learnt, held: held(fields)? });
    Some(())
}

/// As [`by_atomic`], of an order that a condition variable gives.
pub(super) fn by_condition(fields: &mut Cursor<'_>, tables: &mut Tables) -> Option<()> {
    let mut side = || {
        let (thread, segment) = (ThreadNum(fields.u32()?), fields.u32()?);
        Some(OrderSide { thread, segment, at: 0, site: SiteId(fields.u32()?) })
    };
    let (told, learnt) = (side()?, side()?);
    let ground = fields.u32()?;
    let by = OrderedBy::Condition;
    let order = LikelyOrder { by, told, learnt, held: held(fields)? };
    tables.grounds.likely.push((tables.likely_orders.len(), ground));
    tables.likely_orders.push(order);
    Some(())
}

fn held(fields: &mut Cursor<'_>) -> Option<Vec<InstanceId>> {
    (0..fields.count(4)?).map(|_| fields.u32().map(InstanceId)).collect()
}
