using System.Net.Sockets;
using ExtProc.Configuration;
using ExtProc.Configuration.Reading;
using ExtProc.Health;
using ExtProc.Pipeline;
using ExtProc.Telemetry;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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
            await using WebApplication app = Build(parsed, log, lost, configure);
            signals.StopWith(app.Lifetime.StopApplication);
            options = app.Services.GetRequiredService<ExtProcOptions>();
            app.UseExtProcAlone(routes => routes.MapExtProc());
            await app.StartAsync().ConfigureAwait(false);
            ILogger told = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ExtProc.Server");
            foreach (PipelineProblem warning in app.Services.GetRequiredService<PipelinePlan>().Warnings)
            {
                ConfigProblem problem = warning.Told(isWarning: true);
                told.ConfigWarning($"{problem.At}: {problem.Message}");
            }

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

    /// <summary>The same services for <c>serve</c> and <c>check</c>.</summary>
    public static ExtProcSetup AddExtProc(IServiceCollection services, ConfigSources sources, Action<ExtProcBuilder>? configure)
    {
        ExtProcBuilder builder = services.AddExtProc();
        var setup = (ExtProcSetup)services.Single(service => service.ServiceType == typeof(ExtProcSetup)).ImplementationInstance!;
        setup.IsProgram = true;
        setup.Default.Sources = sources;
        configure?.Invoke(builder);
        return setup;
    }

    // The empty builder reads no file, no environment and adds no logger: each costs time at start, and we have our own of each.
    private static WebApplication Build(CommandLineArguments flags, LineLog log, LostLines lost, Action<ExtProcBuilder>? configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton(lost);

        // It has nothing to say that is not said elsewhere, and while it may speak each stream gets an Activity and a scope.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.UseKestrelCore().UseExtProcTransport();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ExtProcOptions>(ListenerSetup.ListenForEnvoy);

        // What is not our method is small. The library reports at Information what peers do wrong, and needs no line of ours for that.
        builder.Services.Configure<GrpcServiceOptions>(grpc => grpc.MaxReceiveMessageSize = HealthRoutes.RequestBytes);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);

        // The drain raises it to what it needs; the framework's half minute would be waited out when a handler does not end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        AddExtProc(builder.Services, Sources(flags), configure);
        return builder.Build();
    }

    private static ConfigSources Sources(CommandLineArguments flags)
    {
        var environment = ProcessEnvironment.Read();
        ConfigFlag?[] settings =
        [
            Flag("--listen", "listen"), Flag("--admin", "admin"), Flag("--log-exchanges", "logExchanges"),
            Flag("--drain-delay", "drain.delay"), Flag("--drain-timeout", "drain.timeout"),
        ];
        return new(flags["--config"] ?? environment.GetValueOrDefault(EnvironmentSettings.ConfigVariable), environment, [.. settings.OfType<ConfigFlag>()]);

        ConfigFlag? Flag(string flag, string key) => flags[flag] is { } text ? new(flag, key, text) : null;
    }
}
