//! Hangs at the first collection: an observable's callback makes another instrument.

use std::time::Duration;

use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};

/// Accepts everything and sends nothing.
struct Nowhere;

impl PushMetricExporter for Nowhere {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

fn main() {
    let reader = PeriodicReader::builder(Nowhere).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    let meter = provider.meter("found");
    let inner_meter = meter.clone();
    let _queue = meter
        .u64_observable_gauge("queue_length")
        .with_callback(move |observer| {
            eprintln!("callback: makes a counter");
            let polls = inner_meter.u64_counter("polls").build();
            eprintln!("callback: made it");
            polls.add(1, &[]);
            observer.observe(7, &[]);
        })
        .build();
    println!("force_flush: {:?}", provider.force_flush());
}
