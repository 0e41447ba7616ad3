//! Industrial protocols as far as a stranger's questions go: Modbus TCP and OPC UA.

pub mod modbus;
pub mod opcua;
