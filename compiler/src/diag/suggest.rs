//! "Did you mean": the name that a misspelt one was meant to be.

/// The closest candidate: equal but for case, else within an edit distance of a third of the name's length
/// (at least one). Of equally close ones the first in alphabetical order, so that answers are deterministic.
pub fn closest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let budget = (wrong.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        // Inserting a name of one or two letters into any other is always "close": not a suggestion.
        if candidate == wrong || (candidate.len().min(wrong.len()) < 2) {
            continue;
        }
        // The difference of the lengths is the least that the distance can be.
        if candidate.len().abs_diff(wrong.len()) > budget + wrong.len() - wrong.chars().count() {
            continue;
        }
        let distance = match candidate.eq_ignore_ascii_case(wrong) {
            true => 0,
            false => strsim::damerau_levenshtein(wrong, candidate),
        };
        if distance <= budget && best.is_none_or(|b| (distance, candidate) < b) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn nearest_name_wins() {
        assert_eq!(closest("strng", ["string", "struct"]), Some("string"));
        assert_eq!(closest("playerid", ["PlayerIds", "PlayerId"]), Some("PlayerId"));
        assert_eq!(closest("palyer", ["Player", "players"]), Some("Player"));
        assert_eq!(closest("Radio", ["Board", "Move"]), None);
        assert_eq!(closest("u", ["x"]), None);
    }
}
