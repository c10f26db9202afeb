//! Iterators of lists, maps and sets. They are types of their own, so that what collections are made of is nobody's business.

macro_rules! iterators {
    ($($(#[$docs:meta])* $name:ident<$($parameter:tt),*>($inner:ty) -> $item:ty;)*) => {$(
        $(#[$docs])*
        #[derive(Debug)]
        pub struct $name<$($parameter),*>(pub(super) $inner);

        impl<$($parameter),*> Iterator for $name<$($parameter),*> {
            type Item = $item;

            #[inline]
            fn next(&mut self) -> Option<$item> {
                self.0.next()
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.0.size_hint()
            }
        }

        impl<$($parameter),*> DoubleEndedIterator for $name<$($parameter),*> {
            fn next_back(&mut self) -> Option<$item> {
                self.0.next_back()
            }
        }

        impl<$($parameter),*> ExactSizeIterator for $name<$($parameter),*> {}
    )*};
}
iterators! {
    /// The elements of a [`List`](super::List) in order.
    ListIter<'a, T>(std::slice::Iter<'a, T>) -> &'a T;
    /// The elements of a [`List`](super::List) in order, each handed over.
    ListIntoIter<T>(std::vec::IntoIter<T>) -> T;
    /// The entries of a [`Map`](super::Map) in order.
    MapIter<'a, K, V>(indexmap::map::Iter<'a, K, V>) -> (&'a K, &'a V);
    /// The entries of a [`Map`](super::Map) in order, each handed over.
    MapIntoIter<K, V>(indexmap::map::IntoIter<K, V>) -> (K, V);
    /// The keys of a [`Map`](super::Map) in order.
    MapKeys<'a, K, V>(indexmap::map::Keys<'a, K, V>) -> &'a K;
    /// The elements of a [`Set`](super::Set) in order.
    SetIter<'a, T>(indexmap::set::Iter<'a, T>) -> &'a T;
    /// The elements of a [`Set`](super::Set) in order, each handed over.
    SetIntoIter<T>(indexmap::set::IntoIter<T>) -> T;
    /// The values of a [`Map`](super::Map) in order.
    MapValues<'a, K, V>(indexmap::map::Values<'a, K, V>) -> &'a V;
}
