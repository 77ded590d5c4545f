//! A bank as a service. Three things are shared: sessions under an asynchronous lock, the database under a plain one, and a few slots
//! for requests that need the database.

pub mod load;
pub mod run;
mod store;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use std::collections::HashMap;
use std::sync::Arc;
use store::Store;
use tokio::sync::{Mutex, Semaphore};

/// Requests that may use the database at a time.
const SLOTS: usize = 4;

/// What the handlers share.
pub struct Bank {
    /// Requests by user.
    pub sessions: Mutex<HashMap<String, u64>>,
    pub slots: Semaphore,
    pub store: Store,
}

type Shared = State<Arc<Bank>>;
type Answer = Result<String, StatusCode>;

impl Bank {
    /// With accounts in a database in memory.
    pub fn open() -> Arc<Self> {
        Arc::new(Self {
            sessions: Mutex::default(),
            slots: Semaphore::new(SLOTS),
            store: Store::open(),
        })
    }
}

/// The service, with this handler for reports.
pub fn router<F: Future<Output = Answer> + Send + 'static>(
    bank: Arc<Bank>,
    report: fn(Shared) -> F,
) -> Router {
    Router::new()
        .route("/transfer/{from}/{to}/{amount}", post(transfer))
        .route("/report", get(report))
        .with_state(bank)
}

/// A slot first, then the session.
async fn transfer(State(bank): Shared, Path((from, to, amount)): Path<(u32, u32, i64)>) -> Answer {
    let _slot = bank.slots.acquire().await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    *bank.sessions.lock().await.entry(format!("user-{from}")).or_default() += 1;
    bank.store.transfer(from, to, amount).map_err(|_| StatusCode::CONFLICT)?;
    Ok("done".to_owned())
}

/// As `transfer`: a slot first.
pub async fn report(State(bank): Shared) -> Answer {
    let _slot = bank.slots.acquire().await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let sessions = bank.sessions.lock().await;
    Ok(format!("{} users, {} in all", sessions.len(), bank.store.total()))
}

/// The sessions first: while it waits for a slot, those who have the slots wait for the sessions.
pub async fn report_with_sessions_first(State(bank): Shared) -> Answer {
    let sessions = bank.sessions.lock().await;
    let _slot = bank.slots.acquire().await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(format!("{} users, {} in all", sessions.len(), bank.store.total()))
}
