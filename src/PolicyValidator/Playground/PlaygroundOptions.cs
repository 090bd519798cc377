using System.Net;

namespace PolicyValidator.Playground;

/// <summary>Where the playground listens and how much it takes.</summary>
internal sealed record PlaygroundOptions
{
    /// <summary>The port unless another is asked for.</summary>
    public const int DefaultPort = 8910;

    /// <summary>A loopback address and a port; port 0 is any that is free.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>Longer texts are refused.</summary>
    /// <value>In bytes of UTF-8; 1 MiB by default: a page is for policies, <c>lint</c> takes whole dumps.</value>
    public int MaxTextBytes { get; init; } = 1 << 20;

    /// <summary>How many texts are judged at once; others wait for their turn.</summary>
    public int MaxConcurrent { get; init; } = 2;

    /// <summary>How many texts wait for their turn; more are refused at once.</summary>
    public int MaxWaiting { get; init; } = 8;

    /// <summary>Connections at once; beyond them the longest quiet one is closed.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>How long the headers of a request may take, and a connection may be quiet.</summary>
    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a text may take to come.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request may wait for its turn, and then for its answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
