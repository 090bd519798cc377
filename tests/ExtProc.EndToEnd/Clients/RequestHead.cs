using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Clients;

/// <summary>The protocols that the tests' clients speak to Envoy.</summary>
public enum ClientProtocol
{
    Http1,
    Http2,
}

/// <summary>What a request begins with.</summary>
/// <param name="ContentLength">the length to declare; null sends a body, if there is one, in chunks</param>
/// <param name="HasBody">false ends the request with its headers</param>
internal sealed record RequestHead(string Method, string Authority, string Path, Fields Headers, long? ContentLength, bool HasBody)
{
    /// <summary>An extended CONNECT (RFC 8441) with this protocol over HTTP/2, or an Upgrade to it over HTTP/1.1.</summary>
    public string? Upgrade { get; init; }
}

/// <summary>What a final response begins with.</summary>
internal sealed record ResponseHead(int Status, Fields Headers);
