//! A comparison for programs, version 1. Frozen, as the report is; the schema is `cli/schemas/diff-v1.json`.

use super::super::v1::Place;
use super::compared::{Compared, Side};
use crate::compare::{ChangedWait, Order, WaitSums};
use crate::words;
use serde::Serialize;
use syncscope_detector::Finding;
use syncscope_detector::finding;

/// The whole comparison.
#[derive(Debug, Serialize)]
pub struct Report {
    version: u32,
    exit_code: u8,
    new_findings: Vec<JsonFinding>,
    gone_findings: Vec<JsonFinding>,
    new_orders: Vec<JsonOrder>,
    gone_orders: Vec<JsonOrder>,
    changed_waits: Option<Vec<JsonWait>>,
    changed_holds: Option<Vec<JsonWait>>,
    old: JsonSide,
    new: JsonSide,
}

#[derive(Debug, Serialize)]
struct JsonFinding {
    rule: &'static str,
    level: &'static str,
    grade: &'static str,
    fingerprint: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct JsonOrder {
    held: String,
    wanted: String,
    count: u64,
    threads: u64,
    held_at: Option<Place>,
    wanted_at: Option<Place>,
}

#[derive(Debug, Serialize)]
struct JsonWait {
    lock: String,
    old: JsonSums,
    new: JsonSums,
}

#[derive(Debug, Serialize)]
struct JsonSums {
    count: u64,
    total_seconds: f64,
    longest_seconds: f64,
    median_seconds: Option<f64>,
    p99_seconds: Option<f64>,
}

#[derive(Debug, Serialize)]
struct JsonSide {
    recordings: u64,
    threads: u64,
    locks: u64,
    checked: bool,
    unreadable: Vec<String>,
    changed_sources: Vec<String>,
    losses: Vec<String>,
}

/// The comparison as it is written.
#[must_use]
pub fn report(compared: &Compared<'_>) -> Report {
    let difference = compared.difference;
    let waits = |waits: &Option<Vec<ChangedWait>>| {
        waits.as_ref().map(|waits| waits.iter().map(wait).collect())
    };
    let findings = |findings: &[&Finding]| findings.iter().map(|one| finding(one)).collect();
    Report {
        version: 1,
        exit_code: compared.exit.code(),
        new_findings: findings(&difference.new_findings),
        gone_findings: findings(&difference.gone_findings),
        new_orders: difference.new_orders.iter().map(order).collect(),
        gone_orders: difference.gone_orders.iter().map(order).collect(),
        changed_waits: waits(&difference.waits),
        changed_holds: waits(&difference.holds),
        old: side(&compared.old),
        new: side(&compared.new),
    }
}

fn finding(finding: &Finding) -> JsonFinding {
    JsonFinding {
        rule: finding.rule.name(),
        level: finding.level.name(),
        grade: finding.grade.name(),
        fingerprint: finding.fingerprint.clone(),
        message: words::headline(finding),
    }
}

fn order(order: &Order) -> JsonOrder {
    JsonOrder {
        held: order.held.clone(),
        wanted: order.wanted.clone(),
        count: order.count,
        threads: order.threads,
        held_at: place(&order.held_at),
        wanted_at: place(&order.wanted_at),
    }
}

fn place(place: &finding::Place) -> Option<Place> {
    (place.line != 0).then(|| Place {
        file: place.file.clone(),
        line: place.line,
        column: place.column,
    })
}

fn wait(wait: &ChangedWait) -> JsonWait {
    let sums = |sums: &WaitSums| JsonSums {
        count: sums.count,
        total_seconds: sums.total,
        longest_seconds: sums.longest,
        median_seconds: sums.median,
        p99_seconds: sums.p99,
    };
    JsonWait { lock: wait.lock.clone(), old: sums(&wait.old), new: sums(&wait.new) }
}

fn side(side: &Side<'_>) -> JsonSide {
    let coverage = side.coverage;
    JsonSide {
        recordings: coverage.processes,
        threads: coverage.threads,
        locks: coverage.locks,
        checked: !side.is_empty,
        unreadable: side.recordings.unreadable.iter().map(|file| file.path.clone()).collect(),
        changed_sources: side.changed_sources.clone(),
        losses: coverage.losses.clone(),
    }
}
