//! Answers in the envelope of CometBFT's JSON-RPC, and refusals in the same shape everywhere.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// An error of the call itself; what an application refuses is a result with a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RpcError {
    /// JSON-RPC code.
    code: i64,
    message: &'static str,
    /// What is wrong.
    data: String,
}

impl RpcError {
    pub(super) fn parse(data: impl ToString) -> Self {
        Self { code: -32700, message: "Parse error", data: data.to_string() }
    }

    pub(super) fn request(data: impl ToString) -> Self {
        Self { code: -32600, message: "Invalid request", data: data.to_string() }
    }

    pub(super) fn method() -> Self {
        Self { code: -32601, message: "Method not found", data: String::new() }
    }

    pub(super) fn params(name: &str) -> Self {
        let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
        let data = format!("argument {name}: not what it should be");
        Self { code: -32602, message: "Invalid params", data }
    }

    pub(crate) fn internal(data: impl ToString) -> Self {
        Self { code: -32603, message: "Internal error", data: data.to_string() }
    }

    pub(super) fn value(&self, id: &Value) -> Value {
        let Self { code, message, data } = self;
        let error = json!({ "code": code, "message": message, "data": data });
        json!({ "jsonrpc": "2.0", "id": id, "error": error })
    }
}

/// What a call answers.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A whole envelope with the id -1.
    Envelope(String),
    /// The result alone.
    Result(Value),
}

/// The answer to a call by address.
pub(super) fn to_address(answer: Result<Answer, RpcError>) -> Response<Body> {
    let id = json!(-1);
    match answer {
        Ok(Answer::Envelope(text)) => body(StatusCode::OK, text),
        Ok(Answer::Result(result)) => body(StatusCode::OK, envelope(&id, &result)),
        Err(error) => body(StatusCode::INTERNAL_SERVER_ERROR, error.value(&id).to_string()),
    }
}

/// The answer to a call by JSON, which bears the call's id.
pub(super) fn to_json(id: &Value, answer: Result<Answer, RpcError>) -> Response<Body> {
    let text = match answer {
        Ok(Answer::Result(result)) => envelope(id, &result),
        Ok(Answer::Envelope(text)) => {
            let mut whole: Value = serde_json::from_str(&text).unwrap_or_default();
            envelope(id, &whole["result"].take())
        }
        Err(error) => error.value(id).to_string(),
    };
    body(StatusCode::OK, text)
}

/// A refusal outside of any call: `name` is stable, for machines.
pub(super) fn refusal(
    status: StatusCode,
    name: &'static str,
    text: impl ToString,
) -> Response<Body> {
    let error = json!({ "code": -32603, "message": name, "data": text.to_string() });
    body(status, json!({ "jsonrpc": "2.0", "id": -1, "error": error }).to_string())
}

/// Canonical bytes of ours.
pub(super) fn cbor(bytes: impl Into<Body>, cache: &'static str) -> Response<Body> {
    let mut response = Response::new(bytes.into());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// Done, and nothing to say.
pub(super) fn done() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn envelope(id: &Value, result: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string()
}

fn body(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
