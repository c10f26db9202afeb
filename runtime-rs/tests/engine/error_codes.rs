//! The codes of the runtime are those that all languages share.

use restream::{CallCode, ErrorCode, GoodbyeCode, OpenCode, RefusalCode};

#[test]
fn codes_match_the_shared_list() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/error_codes.json");
    let shared: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let names = |list: &str| -> Vec<String> {
        shared[list].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let strings = |codes: &[&str]| -> Vec<String> { codes.iter().map(|code| (*code).to_owned()).collect() };

    macro_rules! same {
        ($($list:literal: $codes:ident)*) => {$(
            assert_eq!(names($list), strings(&$codes::ALL.iter().map(|c| c.as_str()).collect::<Vec<_>>()), $list);
        )*};
    }
    same! { "codec": ErrorCode "open": OpenCode "call": CallCode "goodbye": GoodbyeCode "refusal": RefusalCode }
}
