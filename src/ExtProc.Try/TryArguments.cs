using System.Globalization;
using ExtProc.Configuration.Binding;
using ExtProc.Configuration.Reading;
using ExtProc.Front;
using ExtProc.Hosting.CommandLine;

namespace ExtProc.Try;

/// <summary>What <c>extproc try</c> was asked for.</summary>
internal sealed record TryArguments
{
    private const int UsualPort = 10000;

    private static readonly Dictionary<string, bool> Flags = new()
    {
        ["--upstream"] = true,
        ["--config"] = true,
        ["--port"] = true,
        ["--envoy"] = true,
        ["--mode"] = true,
    };

    /// <summary>Where requests go; null: they are answered with what came.</summary>
    public Uri? Upstream { get; private init; }

    public string? Config { get; private init; }

    public int Port { get; private init; } = UsualPort;

    /// <summary>The release to follow; null: the declared one, or the newest.</summary>
    public Version? Envoy { get; private init; }

    /// <summary>The body mode of both directions; null: not given.</summary>
    public BodySendMode? Mode { get; private init; }

    /// <summary>Reads them; null with a problem when they are wrong.</summary>
    public static TryArguments? Read(string[] arguments, out string problem)
    {
        CommandLineArguments parsed = CommandLineArguments.Parse(arguments, Flags);
        problem = parsed.Problem ?? (parsed.Operands is [var operand, ..] ? $"try takes flags only, and was given \"{operand}\"" : "");
        if (problem.Length > 0)
        {
            return null;
        }

        try
        {
            return new()
            {
                Upstream = parsed["--upstream"] is { } url ? UrlOf(url) : null,
                Config = parsed["--config"],
                Port = parsed["--port"] is { } port ? PortOf(port) : UsualPort,
                Envoy = parsed["--envoy"] is { } version ? VersionOf(version) : null,
                Mode = parsed["--mode"] is { } mode ? ModeOf(mode) : null,
            };
        }
        catch (FormatException wrong)
        {
            problem = wrong.Message;
            return null;
        }
    }

    /// <summary>The server's configuration: what <c>serve</c> would read, on a port that the system chooses, without probes and waiting.</summary>
    public ConfigSources Sources() => ServerBuild.Sources(
        Config,
        [new("try", "listen", "127.0.0.1:0"), new("try", "admin", "off"), new("try", "drain.delay", "0s"), new("try", "drain.timeout", "1s")]);

    private static Uri UrlOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url is { Host.Length: > 0, Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 }
        ? url
        : throw new FormatException($"--upstream \"{text}\" is no address of an upstream; write http:// or https://, a host, and a port or path where it has one, such as http://127.0.0.1:8080");

    private static int PortOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= ushort.MaxValue
        ? port
        : throw new FormatException($"--port \"{text}\" is no port; allowed is 1 to 65535, and 0 for one that is free");

    private static Version VersionOf(string text) => Version.TryParse(text, out Version? version) && FollowedReleases.For(version) is { } followed
        ? followed
        : throw new FormatException($"--envoy \"{text}\" is no release that can be followed; allowed is {FollowedReleases.Range}");

    private static BodySendMode ModeOf(string text)
    {
        try
        {
            BodySendMode mode = (BodySendMode)EnumNames.Parse(typeof(BodySendMode), text);
            return mode is not BodySendMode.Grpc ? mode : throw new FormatException("Envoy up to 1.40 knows the name GRPC and sends no body; use FULL_DUPLEX_STREAMED, which passes gRPC messages");
        }
        catch (FormatException unknown)
        {
            throw new FormatException($"--mode: {unknown.Message}");
        }
    }
}
