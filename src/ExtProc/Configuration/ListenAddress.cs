using System.Net;

namespace ExtProc.Configuration;

/// <summary>Where a port is opened: an IP address and a port, or nowhere.</summary>
public sealed record ListenAddress
{
    private ListenAddress(IPEndPoint? endPoint) => EndPoint = endPoint;

    /// <summary>Not opened.</summary>
    public static ListenAddress Off { get; } = new((IPEndPoint?)null);

    /// <summary>The address and port; <see langword="null"/> for <see cref="Off"/>. Port 0 lets the system choose.</summary>
    public IPEndPoint? EndPoint { get; }

    /// <summary>On this machine only.</summary>
    public static ListenAddress Loopback(int port) => new(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Reads <c>127.0.0.1:9000</c>, <c>[::1]:9000</c>, <c>localhost:9000</c> or <c>off</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static ListenAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            return Off;
        }

        // IPEndPoint reads "9000" as the address 0.0.35.40, and an address alone as port 0.
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon], port = text[(colon + 1)..];
        bool isAddress = host is "localhost" or "127.0.0.1" || host.Contains('.', StringComparison.Ordinal) || (host.StartsWith('[') && host.EndsWith(']'));
        return isAddress && IPAddress.TryParse(host is "localhost" ? "127.0.0.1" : host, out var address)
            && ushort.TryParse(port, System.Globalization.NumberStyles.None, null, out ushort number)
            ? new(new IPEndPoint(address, number))
            : throw new FormatException($"\"{text}\" is no address to listen on; write an IP address and a port, such as 127.0.0.1:9000, [::1]:9000 or, for every interface, 0.0.0.0:9000");
    }

    /// <summary>As it is written in a configuration.</summary>
    public override string ToString() => EndPoint?.ToString() ?? "off";
}

/// <summary>A port that Envoy connects to.</summary>
[ShortForm(nameof(Address))]
public sealed record ListenerOptions
{
    /// <summary>The address and port, such as <c>127.0.0.1:9000</c>. Cleartext HTTP/2.</summary>
    public required ListenAddress Address { get; init; }
}

/// <summary>The port for probes, HTTP/1.1: <c>/live</c> and <c>/ready</c>.</summary>
[ShortForm(nameof(Address))]
public sealed record AdminOptions
{
    /// <summary>The address and port, or <c>off</c>.</summary>
    public ListenAddress Address { get; init; } = ListenAddress.Loopback(9001);
}
