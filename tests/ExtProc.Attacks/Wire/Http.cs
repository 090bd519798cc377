namespace ExtProc.Attacks.Wire;

/// <summary>Requests of clients of Envoy.</summary>
internal static class Http
{
    /// <summary>The header lines of a POST.</summary>
    public static IEnumerable<(string Name, string Value)> Post(string path) =>
        [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "a.test")];
}
