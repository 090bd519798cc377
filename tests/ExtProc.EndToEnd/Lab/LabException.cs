using Envoy.Runner;

namespace ExtProc.EndToEnd.Lab;

/// <summary>A test failed; what Envoy and the server said last is part of the message.</summary>
internal sealed class LabException(string what, string counters, EnvoyProcess envoy, ExtProcServerProcess server, Exception cause)
    : Exception($"{what}\n{counters}\n--- Envoy:\n{envoy.Log.Tail(15)}\n--- extproc:\n{server.Log.Tail(15)}", cause);
