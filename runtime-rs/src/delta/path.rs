//! Places inside of a state, as values: how they are called and what stands there.

use std::fmt;
use std::sync::Arc;

use super::{List, Map};
use crate::codec::Key;

/// A place inside of a `R` that holds a `T`, e.g. `BoardState::path().players().key("a").hp()`. Its text is what one would
/// say: `players["a"].hp`.
pub struct Path<R, T> {
    get: Arc<Get<R, T>>,
    text: Arc<str>,
}

type Get<R, T> = dyn for<'s> Fn(&'s R) -> Option<&'s T> + Send + Sync;

/// A value that paths may lead to.
pub trait Place: Sized + 'static {
    /// A path to it, inside of a `R`: one that leads on if it is a `partials` struct.
    type Path<R: 'static>;

    /// The path as one that leads on.
    #[doc(hidden)]
    fn place<R: 'static>(path: Path<R, Self>) -> Self::Path<R>;
}

impl<R: 'static> Path<R, R> {
    /// The whole value.
    pub fn root() -> Self {
        Self { get: Arc::new(|root| Some(root)), text: "".into() }
    }
}

impl<R: 'static, T: 'static> Path<R, T> {
    /// What stands there; `None` if a list has no such element, a map no such key, or an optional on the way no value.
    pub fn get<'s>(&self, root: &'s R) -> Option<&'s T> {
        (self.get)(root)
    }

    /// A field of a struct.
    #[doc(hidden)]
    pub fn field<F: Place>(&self, name: &str, get: fn(&T) -> &F) -> F::Path<R> {
        let text = if self.text.is_empty() { name.to_owned() } else { format!("{}.{name}", self.text) };
        self.step(text, move |value| Some(get(value)))
    }

    fn step<N: Place>(
        &self,
        text: String,
        next: impl for<'s> Fn(&'s T) -> Option<&'s N> + Send + Sync + 'static,
    ) -> N::Path<R> {
        let get = Arc::clone(&self.get);
        N::place(Path { get: Arc::new(move |root| get(root).and_then(&next)), text: text.into() })
    }
}

impl<R: 'static, T: Place> Path<R, Option<T>> {
    /// The value, if there is one.
    pub fn some(&self) -> T::Path<R> {
        self.step(self.text.to_string(), Option::as_ref)
    }
}

impl<R: 'static, T: Place> Path<R, List<T>> {
    /// The element with this index, counted from 0.
    pub fn at(&self, index: usize) -> T::Path<R> {
        self.step(format!("{}[{index}]", self.text), move |list| list.get(index))
    }
}

impl<R: 'static, T: Place, const N: usize> Path<R, [T; N]> {
    /// The element with this index, counted from 0.
    pub fn at(&self, index: usize) -> T::Path<R> {
        self.step(format!("{}[{index}]", self.text), move |array: &[T; N]| array.get(index))
    }
}

impl<R: 'static, K: Key, V: Place> Path<R, Map<K, V>> {
    /// The value of this key.
    pub fn key(&self, key: impl Into<K>) -> V::Path<R> {
        let key = key.into();
        self.step(format!("{}[{key:?}]", self.text), move |map| map.get(&key))
    }
}

impl<R, T> Clone for Path<R, T> {
    fn clone(&self) -> Self {
        Self { get: Arc::clone(&self.get), text: Arc::clone(&self.text) }
    }
}

impl<R, T> fmt::Display for Path<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<R, T> fmt::Debug for Path<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({})", self.text)
    }
}

/// Declares the type of the paths to a `partials` struct, to which generated code adds a method for each field.
/// It is public unless a visibility stands behind its name.
#[macro_export]
macro_rules! place {
    ([$($param:ident),+] $ty:ty, $path:ident where $($bounds:tt)+) => {
        $crate::__place!(pub [$($param),+] [$($bounds)+] $ty, $path);
    };
    ([$($param:ident),+] $ty:ty, $path:ident, $vis:vis where $($bounds:tt)+) => {
        $crate::__place!($vis [$($param),+] [$($bounds)+] $ty, $path);
    };
    ($ty:ty, $path:ident) => {
        $crate::__place!(pub [] [] $ty, $path);
    };
    ($ty:ty, $path:ident, $vis:vis) => {
        $crate::__place!($vis [] [] $ty, $path);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __place {
    ($vis:vis [$($param:ident),*] [$($bounds:tt)*] $ty:ty, $path:ident) => {
        #[doc = ::core::concat!("A place that holds a `", ::core::stringify!($ty), "`.")]
        $vis struct $path<__Root $(, $param)*>($crate::Path<__Root, $ty>)
        where
            $($bounds)*;

        impl<$($param),*> $crate::delta::Place for $ty
        where
            $($bounds)*
        {
            type Path<__Root: 'static> = $path<__Root $(, $param)*>;

            fn place<__Root: 'static>(path: $crate::Path<__Root, Self>) -> $path<__Root $(, $param)*> {
                $path(path)
            }
        }

        impl<__Root, $($param),*> ::core::ops::Deref for $path<__Root $(, $param)*>
        where
            $($bounds)*
        {
            type Target = $crate::Path<__Root, $ty>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<__Root, $($param),*> ::core::clone::Clone for $path<__Root $(, $param)*>
        where
            $($bounds)*
        {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0))
            }
        }

        impl<__Root, $($param),*> ::core::fmt::Display for $path<__Root $(, $param)*>
        where
            $($bounds)*
        {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl<__Root, $($param),*> ::core::fmt::Debug for $path<__Root $(, $param)*>
        where
            $($bounds)*
        {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

/// The items of the `Place` impl of a type whose parts have no places of their own, or have them by position.
#[doc(hidden)]
#[macro_export]
macro_rules! __place_items {
    () => {
        type Path<__Root: 'static> = $crate::Path<__Root, Self>;

        fn place<__Root: 'static>(path: $crate::Path<__Root, Self>) -> $crate::Path<__Root, Self> {
            path
        }
    };
}

impl<T: 'static> Place for List<T> {
    crate::__place_items!();
}

impl<K: 'static, V: 'static> Place for Map<K, V> {
    crate::__place_items!();
}

impl<T: 'static> Place for super::Set<T> {
    crate::__place_items!();
}

impl<T: 'static> Place for Option<T> {
    crate::__place_items!();
}

impl<T: 'static, const N: usize> Place for [T; N] {
    crate::__place_items!();
}
