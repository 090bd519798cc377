using System.Net;
using Microsoft.AspNetCore.Connections;
using PolicyValidator.Playground;
using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>Serves the playground until it is told to end.</summary>
internal sealed class PlaygroundCommand(PlaygroundOptions options, Terminal terminal)
{
    /// <summary>Reads the words behind <c>playground</c>.</summary>
    /// <exception cref="UsageException">A word that is not understood, or an address that is not loopback.</exception>
    public static PlaygroundOptions Read(IReadOnlyList<string> words) => words switch
    {
        [] => new(),
        ["--listen", var address] => new() { Listen = Address(address) },
        [var both] when both.StartsWith("--listen=", StringComparison.Ordinal) => new() { Listen = Address(both["--listen=".Length..]) },
        ["--listen"] => throw new UsageException("--listen needs a value: --listen 127.0.0.1:PORT"),
        [var word, ..] => throw new UsageException($"\"{DisplayText.Safe(word == "--listen" ? words[^1] : word)}\" is not a flag of playground; it has --listen 127.0.0.1:PORT"),
    };

    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync()
    {
        try
        {
            await using PlaygroundServer server = await PlaygroundServer.StartAsync(options, TimeProvider.System).ConfigureAwait(false);
            await terminal.Output.WriteLineAsync($"the playground is at {server.Url}/ and ends with Ctrl-C").ConfigureAwait(false);
            await terminal.Output.FlushAsync().ConfigureAwait(false);
            await server.RunAsync().ConfigureAwait(false);
            return ExitCode.Clean;
        }
        catch (IOException failure)
        {
            string problem = failure.InnerException is AddressInUseException ? $"port {options.Listen.Port} is in use" : failure.Message.TrimEnd('.');
            await terminal.Error.WriteLineAsync($"policy-validator: cannot listen on {options.Listen}: {problem}; --listen 127.0.0.1:PORT chooses another port").ConfigureAwait(false);
            return ExitCode.Trouble;
        }
    }

    private static IPEndPoint Address(string text)
    {
        string numeric = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1:{text["localhost:".Length..]}" : text;
        bool namesPort = numeric.Contains(numeric.StartsWith('[') ? "]:" : ":", StringComparison.Ordinal) && !numeric.StartsWith(':');
        return namesPort && IPEndPoint.TryParse(numeric, out IPEndPoint? address) && IPAddress.IsLoopback(address.Address)
            ? address
            : throw new UsageException($"\"{DisplayText.Safe(text)}\" is not an address of --listen; the playground serves this machine only: use 127.0.0.1:PORT, with port 0 for any that is free");
    }
}
