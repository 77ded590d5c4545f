//! How the folders of runs are called: by the command, and by programs that are started without it.

use std::time::Duration;

/// `20260131T235959123Z-4242`: UTC to the millisecond, then the number of the process. Names sort by time.
#[must_use]
pub fn run_name(since_epoch: Duration, pid: u32) -> String {
    let seconds = since_epoch.as_secs();
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let millis = since_epoch.subsec_millis();
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}{millis:03}Z-{pid}")
}

/// The date of a day since 1970-01-01 in the Gregorian calendar. Years are counted from March, so that the leap day
/// is the last of a year.
#[must_use]
pub fn civil(days: u64) -> (u64, u64, u64) {
    const DAYS_PER_ERA: u64 = 146_097;
    const DAYS_TO_EPOCH: u64 = 719_468;
    let days = days + DAYS_TO_EPOCH;
    let (era, day_of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_time() {
        let at = |millis| run_name(Duration::from_millis(millis), 7);
        assert_eq!(at(951_827_696_789), "20000229T123456789Z-7");
        assert!(at(999) < at(1000) && at(951_827_696_789) < at(1_800_000_000_000));
    }
}
