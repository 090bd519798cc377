using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ExtProc.Demo;

/// <summary>The demo's options.</summary>
internal sealed record DemoOptions
{
    public const string Usage = """
        usage: make run [ARGS="[--once] [--envoy PATH | --front] [--envoy-port N] [--server-port N] [--admin-port N] [--upstream-port N]"]
          --once             send the three requests, check the answers and end: 0 as promised, 1 not, 2 could not start
          --envoy PATH       this Envoy; without the option one is looked for
          --front            no Envoy: the library's own front takes the requests, as it does when no Envoy can be had
          --envoy-port N     where Envoy, or the front, takes requests (10000)
          --server-port N    where extproc listens for Envoy (9000)
          --admin-port N     where extproc answers /live and /ready (9001)
          --upstream-port N  where the demo's upstream listens (10001)
        """;

    /// <summary>Send the requests, check the answers, end.</summary>
    public bool Once { get; init; }

    /// <summary>The Envoy to start; null looks for one.</summary>
    public string? EnvoyPath { get; init; }

    /// <summary>Start the front instead of an Envoy.</summary>
    public bool Front { get; init; }

    public int EnvoyPort { get; init; } = 10_000;

    public int ServerPort { get; init; } = 9_000;

    public int AdminPort { get; init; } = 9_001;

    public int UpstreamPort { get; init; } = 10_001;

    /// <summary>Every port with its use and its option.</summary>
    public IEnumerable<(int Port, string Use, string Option)> Ports =>
    [
        (EnvoyPort, "Envoy or the front", "--envoy-port"),
        (ServerPort, "extproc", "--server-port"),
        (AdminPort, "extproc's admin port", "--admin-port"),
        (UpstreamPort, "the upstream", "--upstream-port"),
    ];

    /// <summary>False when they cannot be used; the message says what is wrong, or is the usage when that was asked for.</summary>
    public static bool TryParse(string[] args, out DemoOptions options, [NotNullWhen(false)] out string? message)
    {
        (options, message) = (new DemoOptions(), null);
        for (int at = 0; at < args.Length; at++)
        {
            if (args[at] is "--once")
            {
                options = options with { Once = true };
            }
            else if (args[at] is "--front")
            {
                options = options with { Front = true };
            }
            else if (args[at] is "--envoy" && at + 1 < args.Length)
            {
                options = options with { EnvoyPath = args[++at] };
            }
            else if (args[at] is "--help" or "-h")
            {
                message = Usage;
                return false;
            }
            else if (at + 1 < args.Length && Port(args[at + 1]) is { } port && WithPort(options, args[at], port) is { } changed)
            {
                options = changed;
                at++;
            }
            else
            {
                message = $"\"{string.Join(' ', args.Skip(at).Take(2))}\" is not an option with its value\n{Usage}";
                return false;
            }
        }

        return true;
    }

    private static DemoOptions? WithPort(DemoOptions options, string option, int port) => option switch
    {
        "--envoy-port" => options with { EnvoyPort = port },
        "--server-port" => options with { ServerPort = port },
        "--admin-port" => options with { AdminPort = port },
        "--upstream-port" => options with { UpstreamPort = port },
        _ => null,
    };

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65_536 ? port : null;
}
