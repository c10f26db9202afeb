//! The tables of all codes and of all lint rules. A number is never used again; each code has a page in `docs/errors/`, each
//! rule one in `docs/lints/`.

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `RSS0301`. 01 syntax, 02 names, 03 types and ids, 04 compatibility, 05 project files. Of a lint rule: its name.
    pub id: &'static str,
    /// A short name, for tools.
    pub name: &'static str,
    /// Its meaning in one line.
    pub meaning: &'static str,
    /// The explanation, Markdown.
    pub page: &'static str,
}

impl Code {
    /// Is it about the form of a text, so that the parser may have left something out?
    pub fn is_syntax(&self) -> bool {
        self.id.starts_with("RSS01")
    }

    /// Is it about what a name stands for?
    pub fn is_name(&self) -> bool {
        self.id.starts_with("RSS02")
    }

    /// Is it about an import, so that names may be missing?
    pub fn is_import(&self) -> bool {
        matches!(self.id, "RSS0203" | "RSS0204")
    }
}

macro_rules! codes {
    ($($konst:ident = $id:literal $name:literal $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub static $konst: Code = Code {
                id: $id,
                name: $name,
                meaning: $meaning,
                page: include_str!(concat!("../../docs/errors/", $id, ".md")),
            };
        )*

        /// Every code, in order of number.
        pub static ALL: &[&Code] = &[$(&$konst),*];
    };
}

codes! {
    UNEXPECTED = "RSS0101" "unexpected" "something else was expected here";
    UNKNOWN_KEYWORD = "RSS0102" "unknown-keyword" "a declaration or line starts with an unknown word";
    BAD_CHARACTER = "RSS0103" "bad-character" "a character that cannot stand here";
    UNTERMINATED = "RSS0104" "unterminated" "a string or comment does not end";
    UNCLOSED = "RSS0105" "unclosed" "a bracket is never closed";
    UNMATCHED = "RSS0106" "unmatched" "a closing bracket closes nothing";
    SEMICOLON = "RSS0107" "semicolon" "items end with a newline or a comma, not with `;`";
    LIMIT = "RSS0108" "limit" "a limit of the compiler is exceeded";
    HEADER = "RSS0109" "header" "`edition` or `package` is missing, repeated or out of order";
    EDITION = "RSS0110" "edition" "an edition that does not exist";
    UNSUPPORTED = "RSS0111" "unsupported" "a construct that this compiler version does not support yet";
    OPENNESS = "RSS0112" "openness" "an enum or union does not say `open` or `closed`";
    LEVEL_WORD = "RSS0113" "level-word" "a struct does not say `serializers`, `fields` or `partials`";
    STRAY_DOCS = "RSS0114" "stray-docs" "a documentation comment that documents nothing";
    BAD_LITERAL = "RSS0115" "bad-literal" "a number or string that cannot be read";
    IMPORT_FORM = "RSS0116" "import-form" "an import that names neither items nor an alias";

    UNKNOWN_TYPE = "RSS0201" "unknown-type" "a type with this name does not exist here";
    DUPLICATE_NAME = "RSS0202" "duplicate-name" "a name is declared twice";
    UNKNOWN_PACKAGE = "RSS0203" "unknown-package" "an imported package does not exist";
    UNKNOWN_IMPORT = "RSS0204" "unknown-import" "an imported package has no such item";
    IMPORT_CYCLE = "RSS0205" "import-cycle" "packages import each other in a circle";
    UNKNOWN_LEVEL = "RSS0206" "unknown-level" "an access level that is not declared";
    ACCESS_BLOCK = "RSS0207" "access-block" "the access block is declared twice or is not usable";
    UNKNOWN_ANNOTATION = "RSS0208" "unknown-annotation" "an annotation that does not exist";
    NAME_CLASH = "RSS0209" "name-clash" "two names become the same in generated code";
    GENERATED_NAME = "RSS0210" "generated-name" "a name that generated code needs for something else";
    BUILTIN_NAME = "RSS0211" "builtin-name" "a declaration has the name of something built in";
    NOT_A_TYPE = "RSS0212" "not-a-type" "a name that is declared, but cannot be used as a type here";
    UNKNOWN_MEMBER = "RSS0213" "unknown-member" "a default names a member that the enum does not have";
    UNKNOWN_SHAPE = "RSS0214" "unknown-shape" "a word that is not a shape";
    METHOD_ID = "RSS0215" "method-id" "two methods or events have the same wire id";
    UNUSABLE_NAME = "RSS0216" "unusable-name" "a name that generated code cannot spell";
    UNKNOWN_CONSTANT = "RSS0217" "unknown-constant" "a value names a constant that does not exist here";
    INTERNAL = "RSS0230" "internal" "something that is internal to another package";
    INTERNAL_LEAK = "RSS0231" "internal-leak" "something internal in a declaration that is not";
    UNKNOWN_FIELD = "RSS0260" "unknown-field" "a view selects a field that does not exist";

    DUPLICATE_ID = "RSS0301" "duplicate-id" "an id or number is used twice";
    MISSING_ID = "RSS0302" "missing-id" "a field or case has no id yet";
    NEXT = "RSS0303" "next" "`next` is missing, repeated or too low";
    TOMBSTONE = "RSS0304" "tombstone" "an id that is retired, unused or reserved is used";
    ID_RANGE = "RSS0305" "id-range" "an id or number is out of range";
    GAP = "RSS0306" "gap" "an id below `next` is neither used nor retired";
    UNWANTED_ID = "RSS0307" "unwanted-id" "an id or line that has no place here";
    TYPE_ARGUMENTS = "RSS0308" "type-arguments" "a type with the wrong arguments";
    MAP_KEY = "RSS0309" "map-key" "a type that cannot be a key";
    NO_ZERO = "RSS0310" "no-zero" "a value without zero must be optional or have a default";
    DEFAULT_PLACE = "RSS0311" "default-place" "a default where none is possible";
    DEFAULT_VALUE = "RSS0312" "default-value" "a default or constant that does not fit its type";
    DOUBLE_OPTIONAL = "RSS0313" "double-optional" "`T??` does not exist";
    STORE_STATE = "RSS0314" "store-state" "the state of a store must be a `partials` struct";
    RESTRICTED_FIELD = "RSS0315" "restricted-field" "a restricted field must be optional or a collection";
    RECURSION = "RSS0316" "recursion" "a struct contains itself";
    NOT_AN_ERROR = "RSS0317" "not-an-error" "`throws` names something that is not an `error`";
    ANNOTATION_USE = "RSS0318" "annotation-use" "an annotation where it has no meaning";
    ENUM_REPR = "RSS0319" "enum-repr" "an enum must be stored as u8, u16, u32 or u64";
    EMPTY = "RSS0320" "empty" "an enum, union or access block without members";
    CIRCULAR = "RSS0321" "circular" "a declaration is defined by itself";
    ALIAS_OPTIONAL = "RSS0322" "alias-optional" "an alias of an optional type";
    CONST_TYPE = "RSS0323" "const-type" "a constant of a type that has no constants";
    EXPRESSION = "RSS0324" "expression" "an expression without a value";
    NEWTYPE_BASE = "RSS0325" "newtype-base" "a newtype of a type that cannot be its base";

    ANNOTATION_ARGUMENTS = "RSS0340" "annotation-arguments" "an annotation with wrong arguments";
    ANNOTATION_TWICE = "RSS0341" "annotation-twice" "an annotation that stands once is written twice";
    ANNOTATION_PLACE = "RSS0342" "annotation-place" "a word behind `on` that names nothing to stand on";
    ANNOTATION_PARAMETER = "RSS0343" "annotation-parameter" "a parameter of a type that no argument can have";
    STREAM_PLACE = "RSS0350" "stream-place" "a `stream` where none is possible";
    CONSTRAINT_TYPE = "RSS0360" "constraint-type" "a constraint on a type that it cannot limit";
    CONSTRAINT_LIMITS = "RSS0361" "constraint-limits" "a constraint that allows nothing or limits nothing";
    PATTERN = "RSS0362" "pattern" "a pattern that the two languages would not read alike";
    CONSTRAINT_VALUE = "RSS0363" "constraint-value" "a value of the schema that breaks its constraint";
    VIEW_OF = "RSS0370" "view-of" "a view of something that no store holds";
    SELECTION = "RSS0371" "selection" "a view selects inside something that has no fields to select";
    TYPE_PARAMETER = "RSS0380" "type-parameter" "a type parameter that cannot be declared like this";
    UNUSED_PARAMETER = "RSS0381" "unused-parameter" "a type parameter that nothing is made of";
    BOUND = "RSS0382" "bound" "a type argument that its parameter does not admit";
    GROWING_TYPE = "RSS0383" "growing-type" "a generic type that needs itself with ever larger arguments";

    REMOVED_ID = "RSS0401" "removed-id" "a released id is gone or means something else";
    CHANGED_TYPE = "RSS0402" "changed-type" "the type of a released field changed on the wire";
    CHANGED_DEFAULT = "RSS0403" "changed-default" "the default of a released field changed";
    CHANGED_LAYOUT = "RSS0404" "changed-layout" "a released `serializers` struct changed";
    CHANGED_CASES = "RSS0405" "changed-cases" "a released enum or union changed what readers may meet";
    CHANGED_METHOD = "RSS0406" "changed-method" "a released method or event is gone or answers otherwise";
    CHANGED_UNIT = "RSS0407" "changed-unit" "a released store, service or struct is gone or became something else";
    NEW_PARAMETER = "RSS0408" "new-parameter" "a parameter was added that old callers do not send";

    CONFIG_KEY = "RSS0501" "config-key" "rss.toml has a key that does not exist";
    CONFIG_VALUE = "RSS0502" "config-value" "rss.toml cannot be read or has a value that does not fit";
    LOCK_FILE = "RSS0503" "lock-file" "rss.lock cannot be read";
    NOT_TEXT = "RSS0504" "not-text" "a schema file is not UTF-8 text";
}

macro_rules! rules {
    ($($konst:ident = $id:literal $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub static $konst: Code = Code {
                id: $id,
                name: $id,
                meaning: $meaning,
                page: include_str!(concat!("../../docs/lints/", $id, ".md")),
            };
        )*

        /// Every lint rule, sorted by name.
        pub static RULES: &[&Code] = &[$(&$konst),*];
    };
}

rules! {
    DEPRECATED_USE = "deprecated_use" "a use of a declaration that is deprecated";
    NAME_CASE = "name_case" "a field, method, event or parameter that is not written in lowerCamel";
    TYPE_CASE = "type_case" "a type, member or case that is not written in UpperCamel";
    UNUSED_ALLOW = "unused_allow" "an `@allow` that allows nothing";
    UNUSED_IMPORT = "unused_import" "an import that nothing uses";
    UNUSED_INTERNAL = "unused_internal" "an `internal` declaration that nothing uses";
}

/// The code with this id, whatever its case, or the rule with this name.
pub fn find(id: &str) -> Option<&'static Code> {
    ALL.iter().chain(RULES).copied().find(|code| code.id.eq_ignore_ascii_case(id))
}

/// The lint rule with this name.
pub fn rule(name: &str) -> Option<&'static Code> {
    RULES.iter().copied().find(|rule| rule.id == name)
}

#[cfg(test)]
mod tests {
    use super::{ALL, RULES};

    #[test]
    fn table_is_sorted_and_unique() {
        assert!(ALL.windows(2).all(|w| w[0].id < w[1].id));
        assert!(RULES.windows(2).all(|w| w[0].id < w[1].id));
        let mut names: Vec<_> = ALL.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }
}
