//! How handlers fail.

use bytes::Bytes;

use crate::codec::check::{self, Path, Violation};
use crate::codec::{Level, Row, Union, Value, encode_case_at};
use crate::error::{CallCode, DecodeError, Refused};

/// Why a handler has no result: an error that its method declares, or a refusal that every method may answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fail<E> {
    /// The declared error.
    #[error("{0}")]
    Error(E),
    /// Anything else.
    #[error(transparent)]
    Refused(Refused),
}

impl<E> From<Refused> for Fail<E> {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// What a failed call sends. Generated code makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A declared error: `[case id][payload row]`.
    Declared(Bytes),
    /// A value breaks a constraint.
    Violated(Violation),
    /// Anything else.
    Failed {
        /// The code that travels.
        code: CallCode,
        /// For people.
        message: String,
    },
}

impl Fault {
    /// The arguments do not decode.
    #[must_use]
    pub fn bad_arguments(error: DecodeError) -> Self {
        Self::Failed { code: CallCode::Invalid, message: format!("the arguments do not decode: {error}") }
    }

    /// A handler's error, as a caller of this level may see it.
    #[must_use]
    pub fn declared<E: Union>(fail: Fail<E>, level: Level) -> Self {
        match fail {
            Fail::Error(error) => match error.check_case(&Path::root().field("error")) {
                Ok(()) => Self::Declared(encode_case_at(&error, level)),
                Err(violation) => Self::Violated(violation),
            },
            Fail::Refused(refused) => refused.into(),
        }
    }

    /// Checks the constraints of arguments.
    /// # Errors
    /// The violation; its path begins with the name of a parameter.
    pub fn check_arguments(arguments: &impl Row) -> Result<(), Self> {
        arguments.check_row(&Path::root()).map_err(Self::Violated)
    }

    /// Checks the constraints of a result.
    /// # Errors
    /// The violation; its path begins with `result`.
    pub fn check_result(result: &impl Value) -> Result<(), Self> {
        check::value(result, &Path::root().field("result")).map_err(Self::Violated)
    }

    /// There is no such method.
    #[must_use]
    pub fn unimplemented() -> Self {
        Self::Failed { code: CallCode::Unimplemented, message: "there is no such method".to_owned() }
    }

    /// The caller's level is too low.
    pub(super) fn denied() -> Self {
        Self::Failed { code: CallCode::Denied, message: "the caller's level is too low".to_owned() }
    }

    /// The handler panicked. What it said stays here.
    pub(super) fn panicked() -> Self {
        Self::Failed { code: CallCode::Internal, message: "the handler failed".to_owned() }
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        match refused.violation {
            Some(violation) => Self::Violated(*violation),
            None => Self::Failed { code: refused.code.call_code(), message: refused.message },
        }
    }
}
