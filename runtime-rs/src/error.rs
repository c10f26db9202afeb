//! Every code by which the runtime says that something went wrong: one closed list, `tests/vectors/error_codes.json`.

use std::fmt;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$code_doc:meta])* $code:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$code_doc])* $code,)*
        }

        impl $name {
            /// All codes, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The name under which documents, vectors and TypeScript know the code.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => $text,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

codes! {
    /// Why bytes are not a value. Source: docs/wire-format.md.
    ErrorCode {
        /// The input ends inside a value, or a byte length reaches beyond what encloses it.
        Truncated = "truncated",
        /// A number is not in its shortest form.
        Overlong = "overlong",
        /// A number is outside the range of its type.
        Range = "range",
        /// A bool is neither 0 nor 1.
        Bool = "bool",
        /// A NaN is not the one pattern.
        Nan = "nan",
        /// A string is not UTF-8.
        Utf8 = "utf8",
        /// A key stands twice in a map.
        DuplicateKey = "duplicate_key",
        /// A padding bit is set.
        Padding = "padding",
        /// A value ends before its byte length.
        Length = "length",
        /// Bytes follow the value of a whole message.
        Trailing = "trailing",
        /// A row has more slots than the format allows.
        Slots = "slots",
        /// A column has a mode that its type does not know.
        Mode = "mode",
        /// A closed enum has no member of this number.
        Enum = "enum",
        /// A closed union has no case of this number.
        Case = "case",
        /// A delta has an operation that its type does not know.
        Op = "op",
        /// A delta does not fit the value it meets.
        Mismatch = "mismatch",
        /// Too many nested lengths.
        Depth = "depth",
        /// Too many elements.
        Elements = "elements",
        /// A count that the remaining bytes cannot justify.
        Count = "count",
    }
}

codes! {
    /// Why a unit was not opened; the position is the number that travels. Source: docs/protocol.md, "Open".
    OpenCode {
        /// A bug in the server or the handler.
        Internal = "internal",
        /// The digests of the two sides have no common generation.
        Diverged = "diverged",
        /// The server has no unit of this name.
        UnknownUnit = "unknown_unit",
        /// The caller's level is too low.
        Denied = "denied",
        /// The handler does not want to open this key.
        NotFound = "not_found",
        /// The key does not decode.
        InvalidKey = "invalid_key",
        /// A limit of the connection is reached.
        TooMany = "too_many",
        /// The server cannot do it now.
        Unavailable = "unavailable",
    }
}

codes! {
    /// Why a call failed; the position is the number that travels. Source: docs/protocol.md, "Calls".
    CallCode {
        /// A bug: the handler panicked, or answered what cannot be encoded.
        Internal = "internal",
        /// An error that the method declares; it is in the body.
        Declared = "declared",
        /// The caller's level is too low.
        Denied = "denied",
        /// The arguments do not decode or are not acceptable.
        Invalid = "invalid",
        /// What the call names is not there.
        NotFound = "not_found",
        /// The unit has no such method.
        Unimplemented = "unimplemented",
        /// The server cannot do it now.
        Unavailable = "unavailable",
        /// Too many calls are in flight.
        Busy = "busy",
        /// The call took longer than it may.
        Deadline = "deadline",
        /// The caller gave up.
        Cancelled = "cancelled",
        /// Arguments, reply or new state are over a limit.
        TooLarge = "too_large",
        /// Arguments, reply or new state break a constraint of the schema.
        Constraint = "constraint",
    }
}

codes! {
    /// Why a connection ends; the position is the number that travels. Source: docs/protocol.md, "Life".
    GoodbyeCode {
        /// The peer is done.
        Normal = "normal",
        /// A frame that the protocol does not allow.
        Protocol = "protocol",
        /// Unknown protocol version.
        Version = "version",
        /// The token was refused.
        Unauthenticated = "unauthenticated",
        /// No hello in time, or nothing heard.
        Timeout = "timeout",
        /// A message over the limit.
        TooLarge = "too_large",
        /// Too many messages.
        Rate = "rate",
        /// The socket took no byte for too long, or replies piled up.
        Slow = "slow",
        /// The server is going down.
        Shutdown = "shutdown",
        /// A bug.
        Internal = "internal",
        /// No room for another connection.
        Overloaded = "overloaded",
    }
}

codes! {
    /// Why the application or the store refused.
    RefusalCode {
        /// The caller may not do this.
        Denied = "denied",
        /// What is named is not there.
        NotFound = "not_found",
        /// The request makes no sense, or a patch does not fit the state.
        Invalid = "invalid",
        /// It cannot be done now.
        Unavailable = "unavailable",
        /// Too much is going on.
        Busy = "busy",
        /// A bug.
        Internal = "internal",
        /// The new state is larger than readers accept.
        TooLarge = "too_large",
        /// The new state has more elements than readers accept.
        Elements = "elements",
        /// The new state is nested deeper than readers accept.
        Depth = "depth",
        /// The new state breaks a constraint of the schema.
        Constraint = "constraint",
    }
}

impl RefusalCode {
    /// The code that a caller is told when this ends its call.
    pub const fn call_code(self) -> CallCode {
        match self {
            Self::Denied => CallCode::Denied,
            Self::NotFound => CallCode::NotFound,
            Self::Invalid => CallCode::Invalid,
            Self::Unavailable => CallCode::Unavailable,
            Self::Busy => CallCode::Busy,
            Self::Internal => CallCode::Internal,
            Self::TooLarge | Self::Elements | Self::Depth => CallCode::TooLarge,
            Self::Constraint => CallCode::Constraint,
        }
    }
}

/// Bytes that are not a value of the wanted type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} at byte {offset}")]
pub struct DecodeError {
    /// What is wrong.
    pub code: ErrorCode,
    /// Where the offending value begins, in bytes from the start of the message.
    pub offset: usize,
}

/// A value that breaks a constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message} ({rule})")]
pub struct Violation {
    /// Which constraint.
    pub rule: Rule,
    /// Where the value is, by the names of the schema: `players["a"].hp`. `value` if it stands alone.
    pub path: String,
    /// What is wrong with it: numbers and lengths, never text. Inside a restricted field only that it is not allowed.
    pub message: String,
}

/// The constraints; programs know them by these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// `@range`: a number between limits.
    Range,
    /// `@len`: the scalars of a string, or bytes.
    Len,
    /// `@count`: the elements of a collection.
    Count,
    /// `@pattern`: the whole of a string.
    Pattern,
}

impl Rule {
    /// The name that travels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::Len => "len",
            Self::Count => "count",
            Self::Pattern => "pattern",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The application or the store does not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refused {
    /// What kind of refusal it is.
    pub code: RefusalCode,
    /// For people; the caller sees it.
    pub message: String,
    /// The constraint that is broken, and where.
    pub violation: Option<Box<Violation>>,
}

impl From<Violation> for Refused {
    fn from(violation: Violation) -> Self {
        let message = violation.to_string();
        Self { code: RefusalCode::Constraint, message, violation: Some(Box::new(violation)) }
    }
}

impl Refused {
    /// A refusal with this code.
    pub fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), violation: None }
    }
}

macro_rules! refusals {
    ($($name:ident => $code:ident, $meaning:literal;)*) => {
        impl Refused {$(
            #[doc = $meaning]
            pub fn $name(message: impl Into<String>) -> Self {
                Self::new(RefusalCode::$code, message)
            }
        )*}
    };
}
refusals! {
    denied => Denied, "The caller may not do this.";
    not_found => NotFound, "What is named is not there.";
    invalid => Invalid, "The request makes no sense.";
    unavailable => Unavailable, "It cannot be done now.";
    busy => Busy, "Too much is going on.";
    internal => Internal, "Something is broken that the caller cannot mend.";
}
