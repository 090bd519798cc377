using System.Net.Sockets;
using ExtProc.Configuration;
using ExtProc.Configuration.Reading;
using ExtProc.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting.CommandLine;

/// <summary><c>extproc serve</c>: the host, from its arguments to its exit code.</summary>
internal static class ServeCommand
{
    private static readonly Dictionary<string, bool> Flags = new()
    {
        ["--config"] = true,
        ["--listen"] = true,
        ["--admin"] = true,
        ["--log-exchanges"] = false,
        ["--drain-delay"] = true,
        ["--drain-timeout"] = true,
    };

    public static async Task<int> RunAsync(string[] arguments, ProgramOutput output, Action<ExtProcBuilder>? configure)
    {
        var parsed = CommandLineArguments.Parse(arguments, Flags);
        if (parsed.Problem is not null || parsed.Operands.Count > 0)
        {
            return output.RefuseUsage(parsed.Problem ?? $"serve takes flags only, and was given \"{parsed.Operands[0]}\"");
        }

        LostLines lost = new();
        await using LineWriter events = new(output.Error, TimeProvider.System, lost, LostLines.Events), exchanges = new(output.Out, TimeProvider.System, lost, LostLines.Exchanges);
        using LineLog log = new(events, exchanges, lost, TimeProvider.System);
        using OtherSignals signals = new(log.CreateLogger("ExtProc.Server"));
        ExtProcOptions? options = null;
        try
        {
            await using WebApplication app = ServerBuild.Build(Sources(parsed), log, lost, configure);
            signals.StopWith(app.Lifetime.StopApplication);
            options = app.Services.GetRequiredService<ExtProcOptions>();
            app.UseExtProcAlone(routes => routes.MapExtProc());
            await app.StartAsync().ConfigureAwait(false);
            ILogger told = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ExtProc.Server");
            ServerBuild.TellWarnings(app, told);
            told.Listening(
                string.Join(", ", app.ListenAddresses()),
                app.Services.GetRequiredService<ServedPipelines>()[PipelineNames.Default].Description);
            await app.WaitForShutdownAsync().ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (ConfigException wrong)
        {
            output.Report(wrong.Problems.Where(problem => !problem.IsWarning));
            return ExitCode.Unusable;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success; // told to stop before it had begun, or while a handler did not end
        }
        catch (Exception unopened) when (options is not null && unopened is SocketException or IOException { InnerException: AddressInUseException })
        {
            output.Tell($"extproc: {ListenFailure.Explain(unopened, options!)}");
            return ExitCode.Unusable;
        }
    }

    private static ConfigSources Sources(CommandLineArguments flags)
    {
        ConfigFlag?[] settings =
        [
            Flag("--listen", "listen"), Flag("--admin", "admin"), Flag("--log-exchanges", "logExchanges"),
            Flag("--drain-delay", "drain.delay"), Flag("--drain-timeout", "drain.timeout"),
        ];
        return ServerBuild.Sources(flags["--config"], [.. settings.OfType<ConfigFlag>()]);

        ConfigFlag? Flag(string flag, string key) => flags[flag] is { } text ? new(flag, key, text) : null;
    }
}
