//! A crate whose schemas are compiled by its build script. Packages below packages and imports between them show that the
//! whole module tree can be included.

/// The schemas, as packages name them.
pub mod schema {
    restream::include_schema!();
}

/// The same with shorter paths.
pub mod short {
    restream::include_schema!("short");
}

#[cfg(test)]
mod tests {
    use super::schema::warehouse::stock::v1::units::Weight;
    use super::schema::warehouse::stock::v1::{Item, ShelfState, ShelfUnit};
    use restream::codec::{decode, encode};

    #[test]
    fn generated_types_are_used_as_if_they_were_written_here() {
        let item = Item { name: "bolt".into(), weight: Weight { grams: 12 } };
        assert_eq!(decode::<Item>(&encode(&item)).unwrap(), item);
        let state = ShelfState { items: vec![item].into() };
        assert_eq!(decode::<ShelfState>(&encode(&state)).unwrap(), state);
        assert_eq!(<ShelfUnit as restream::Unit>::INFO.name, "warehouse.stock.v1.Shelf");
    }

    #[test]
    fn both_trees_write_the_same_bytes() {
        let short = crate::short::stock::v1::units::Weight { grams: 7 };
        assert_eq!(encode(&short), encode(&Weight { grams: 7 }));
    }
}
