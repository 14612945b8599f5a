use super::*;
use proptest::prelude::*;

fn csv(text: &str) -> Result<Vec<Row>, RowError> {
    read_all(Format::Csv, text.as_bytes())
}

fn json(text: &str) -> Result<Vec<Row>, RowError> {
    read_all(Format::Json, text.as_bytes())
}

fn error(row: u32, column: Option<&str>, fault: RowFault) -> RowError {
    RowError { row, column: column.map(str::to_owned), fault }
}

/// The fault of a CSV file with one bottle and one further column.
fn fault_of(column: &str, value: &str) -> RowError {
    csv(&format!("product,category,{column}\nBlue Reverie,baijiu,\"{value}\"\n")).unwrap_err()
}

fn field(key: &str, value: &str) -> Field {
    Field { key: key.into(), value: value.into() }
}

const BOTTLE: &str = "\u{feff}product,Brand,gtin,serial,batch,category,expires,carriers,origin,private.owner,storage\r\n\
    Blue Reverie,Reverie,6901234567892,0001,B7,baijiu,2035-12-31,nfc-tap;qr,\"Suqian, Jiangsu\",A. Li,24 months\r\n";

fn bottle() -> Row {
    Row {
        product: "Blue Reverie".into(),
        brand: Some("Reverie".into()),
        gtin: Some("06901234567892".into()),
        serial: Some("0001".into()),
        batch: Some("B7".into()),
        category: "baijiu".into(),
        expires: moment("2035-12-31"),
        carriers: vec![Carrier::Qr, Carrier::NfcTap],
        fields: vec![field("origin", "Suqian, Jiangsu"), field("storage", "24 months")],
        private: vec![field("owner", "A. Li")],
    }
}

#[test]
fn a_csv_row_is_an_item_with_its_fields_in_order() {
    assert_eq!(csv(BOTTLE), Ok(vec![bottle()]));
}

#[test]
fn the_same_item_in_json_is_the_same() {
    let object = r#"{"product":"Blue Reverie","brand":"Reverie","gtin":6901234567892,
        "serial":"0001","batch":"B7","category":"baijiu","expires":"2035-12-31",
        "carriers":["nfc-tap","qr"],"origin":"Suqian, Jiangsu","private":{"owner":"A. Li"},
        "storage":"24 months"}"#;
    assert_eq!(json(object), Ok(vec![bottle()]));
    assert_eq!(json(&format!("\u{feff} [{object},\n{object}] ")), Ok(vec![bottle(), bottle()]));
    assert_eq!(json(&format!("{object}\n{object}\n")), Ok(vec![bottle(), bottle()]));
}

#[test]
fn an_empty_cell_is_an_absent_one() {
    let row = Row {
        product: "Milk".into(),
        brand: None,
        gtin: None,
        serial: None,
        batch: None,
        category: "dairy".into(),
        expires: None,
        carriers: vec![Carrier::Qr],
        fields: Vec::new(),
        private: Vec::new(),
    };
    let text = "product,category,brand,gtin,expires,carriers,farm\n Milk ,dairy,,, ,,\n";
    assert_eq!(csv(text), Ok(vec![row.clone()]));
    assert_eq!(json(r#"{"product":"Milk","category":"dairy","gtin":null}"#), Ok(vec![row]));
}

#[test]
fn a_file_without_rows_is_refused() {
    let none = Err(error(1, None, RowFault::NoRows));
    assert_eq!(csv(""), none);
    assert_eq!(csv("product,category\n"), none);
    assert_eq!(json(""), none);
    assert_eq!(json("[]"), none);
}

#[test]
fn product_and_category_must_be_there() {
    let missing = |row, column| Err(error(row, Some(column), RowFault::Missing));
    assert_eq!(csv("product,category\nMilk,dairy\n ,dairy\n"), missing(2, "product"));
    assert_eq!(csv("product\nMilk\n"), missing(1, "category"));
    assert_eq!(json(r#"{"category":"dairy"}"#), missing(1, "product"));
}

#[test]
fn a_gtin_needs_its_length_and_check_digit() {
    for text in ["6901234567891", "690123456789", "69012345678x2", "٦٩٠١٢٣٤٥"] {
        assert_eq!(fault_of("gtin", text), error(1, Some("gtin"), RowFault::Gtin), "{text}");
    }
    for (text, gtin14) in [
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("16901234567899", "16901234567899"),
    ] {
        let rows = csv(&format!("product,category,gtin\nMilk,dairy,{text}\n")).unwrap();
        assert_eq!(rows[0].gtin.as_deref(), Some(gtin14));
    }
}

#[test]
fn an_expiry_needs_a_date_or_a_moment() {
    assert_eq!(fault_of("expires", "31.12.35"), error(1, Some("expires"), RowFault::Moment));
}

#[test]
fn a_carrier_needs_a_known_name() {
    for text in ["hologram", ";", "qr;rfid"] {
        let fault = fault_of("Carriers", text);
        assert_eq!(fault, error(1, Some("carriers"), RowFault::Carrier), "{text}");
    }
}

#[test]
fn a_text_is_at_most_512_bytes() {
    let long = "x".repeat(513);
    let fault = RowFault::TooLong { got: 513, max: 512 };
    assert_eq!(fault_of("private.owner", &long), error(1, Some("private.owner"), fault.clone()));
    assert_eq!(fault_of(&long, "x"), error(0, None, fault));
    let whole = format!("product,category,origin\nMilk,dairy,{}\n", &long[1..]);
    assert!(csv(&whole).is_ok());
}

#[test]
fn hidden_characters_are_refused() {
    for text in ["a\u{202e}b", "a\u{0}b", "a\nb"] {
        assert_eq!(fault_of("origin", text), error(1, Some("origin"), RowFault::Hidden));
    }
}

#[test]
fn a_record_has_at_most_32_fields() {
    let names = |count: usize| (0..count).map(|n| format!(",f{n}")).collect::<String>();
    let file =
        |count| format!("product,category{}\nMilk,dairy{}\n", names(count), ",x".repeat(count));
    assert!(csv(&file(32)).is_ok());
    let fault = RowFault::TooManyFields { max: 32 };
    assert_eq!(csv(&file(33)), Err(error(1, Some("f32"), fault)));
    assert_eq!(csv(&file(63)), Err(error(0, None, RowFault::TooManyColumns)));
    let keys: String = (0..70).map(|n| format!("\"f{n}\":1,")).collect();
    let object = format!("{{{keys}\"product\":\"Milk\",\"category\":\"dairy\"}}");
    assert_eq!(json(&object), Err(error(1, None, RowFault::TooManyColumns)));
}

#[test]
fn no_two_columns_have_one_name() {
    let twice = |row, column| Err(error(row, Some(column), RowFault::NamedTwice));
    assert_eq!(csv("product,category,GTIN,gtin\nMilk,dairy,,\n"), twice(0, "gtin"));
    assert_eq!(json(r#"{"product":"a","origin":"b","origin":"c"}"#), twice(1, "origin"));
}

#[test]
fn every_column_has_a_name() {
    assert_eq!(csv("product,category,\nMilk,dairy,\n"), Err(error(0, None, RowFault::Unnamed)));
    let fault = fault_of("private.", "x");
    assert_eq!(fault, error(0, Some("private."), RowFault::Unnamed));
}

#[test]
fn a_row_has_as_many_cells_as_the_header() {
    let fault = RowFault::Cells { expected: 2, got: 3 };
    let text = "product,category\nMilk,dairy\nMilk,dairy,x\n";
    assert_eq!(csv(text), Err(error(2, None, fault)));
}

#[test]
fn other_encodings_are_named() {
    let gbk = b"product,category\n\xc0\xb6\xc9\xab,baijiu\n";
    let not_utf8 = Err(error(1, None, RowFault::NotUtf8));
    assert_eq!(read_all(Format::Csv, &gbk[..]), not_utf8);
}

#[test]
fn a_number_with_a_fraction_is_refused() {
    let text = r#"{"product":"Milk","category":"dairy","fat":3.50}"#;
    assert_eq!(json(text), Err(error(1, Some("fat"), RowFault::Fraction)));
}

#[test]
fn a_nested_value_is_refused() {
    for value in ["[1]", "{\"a\":1}", "[[]]"] {
        let text = format!(r#"{{"product":"Milk","category":"dairy","fat":{value}}}"#);
        assert_eq!(json(&text), Err(error(1, Some("fat"), RowFault::Nested)), "{value}");
    }
}

#[test]
fn broken_json_names_the_row() {
    let text = r#"[{"product":"Milk","category":"dairy"},{"product":]"#;
    let error = json(text).unwrap_err();
    assert_eq!((error.row, error.column), (2, None));
    assert!(matches!(error.fault, RowFault::Malformed { .. }));
    assert!(json(r#"[{"product":"Milk","category":"dairy"}] x"#).is_err());
}

#[test]
fn a_row_without_end_stops_at_its_limit() {
    let too_long = Err(error(1, None, RowFault::RowTooLong));
    let endless =
        |start: &'static str| std::io::Read::chain(start.as_bytes(), std::io::repeat(b'x'));
    assert_eq!(read_all(Format::Csv, endless("product,category\n\"")), too_long);
    assert_eq!(read_all(Format::Json, endless("[{\"product\":\"")), too_long);
    assert_eq!(read_all(Format::Json, std::io::repeat(b' ')), too_long);
}

#[test]
fn many_rows_pass_where_one_could_not() {
    let rows = 2 * MAX_ROW / 12;
    let text = format!("product,category\n{}", "Milk,dairy\n\n".repeat(rows));
    let mut count = 0;
    let counted = read(Format::Csv, text.as_bytes(), &mut |_| {
        count += 1;
        Ok::<(), &str>(())
    });
    assert_eq!((counted, count), (Ok(rows as u32), rows));
}

#[test]
fn what_the_taker_refuses_stops_the_reading() {
    let object = r#"{"product":"Milk","category":"dairy"}"#;
    let inputs = [
        (Format::Csv, "product,category\nMilk,dairy\nMilk,dairy\n".to_owned()),
        (Format::Json, format!("[{object},{object}]")),
        (Format::Json, format!("{object} {object}")),
    ];
    for (format, text) in inputs {
        let mut taken = 0;
        let outcome = read(format, text.as_bytes(), &mut |_| {
            taken += 1;
            Err("full")
        });
        assert_eq!((outcome, taken), (Err(ReadError::Sink("full")), 1));
    }
}

#[test]
fn an_error_says_row_and_column() {
    let shown = fault_of("gtin", "1").to_string();
    let rule = "not a GTIN of 8, 12, 13 or 14 digits with its check digit";
    assert_eq!(shown, format!("row 1, column gtin: {rule}"));
    assert_eq!(error(0, None, RowFault::Unnamed).to_string(), "header: a column without a name");
}

fn scrambled(seed: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let edits = proptest::collection::vec((0..seed.len(), any::<u8>()), 0..8);
    (edits, 0..=seed.len()).prop_map(move |(edits, end)| {
        let mut bytes = seed.to_vec();
        edits.into_iter().for_each(|(at, byte)| bytes[at] = byte);
        bytes.truncate(end);
        bytes
    })
}

const OBJECTS: &[u8] = br#"[{"product":"Milk","category":"dairy","carriers":["qr"],"fat":3.5,
    "private":{"owner":"A"},"gtin":6901234567892,"expires":"2035-12-31T00:00:00+08:00"},{}]"#;

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        _ = read_all(Format::Csv, &bytes[..]);
        _ = read_all(Format::Json, &bytes[..]);
    }

    #[test]
    fn no_damaged_file_panics_and_every_row_fits_a_record(
        csv in scrambled(BOTTLE.as_bytes()),
        json in scrambled(OBJECTS),
    ) {
        for rows in [read_all(Format::Csv, &csv[..]), read_all(Format::Json, &json[..])] {
            for row in rows.into_iter().flatten() {
                prop_assert!(!row.product.is_empty() && !row.category.is_empty());
                prop_assert!(row.fields.len() <= 32 && row.private.len() <= 32);
            }
        }
    }

    #[test]
    fn no_text_panics_as_a_moment(text in "\\PC{0,40}", edit in "[0-9TZ:.+ -]{0,30}") {
        _ = moment(&text);
        _ = moment(&edit);
    }
}
