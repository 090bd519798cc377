using ExtProc.Configuration;
using ExtProc.Configuration.Reading;
using ExtProc.Health;
using ExtProc.Pipeline;
using ExtProc.Telemetry;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting.CommandLine;

/// <summary>The server of a program, as its commands build it.</summary>
internal static class ServerBuild
{
    /// <summary>The services of all commands.</summary>
    public static ExtProcSetup AddExtProc(IServiceCollection services, ConfigSources sources, Action<ExtProcBuilder>? configure)
    {
        ExtProcBuilder builder = services.AddExtProc();
        var setup = (ExtProcSetup)services.Single(service => service.ServiceType == typeof(ExtProcSetup)).ImplementationInstance!;
        setup.IsProgram = true;
        setup.Default.Sources = sources;
        configure?.Invoke(builder);
        return setup;
    }

    /// <summary>The host, not started.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; also when its options are first asked for.</exception>
    public static WebApplication Build(ConfigSources sources, LineLog log, LostLines lost, Action<ExtProcBuilder>? configure)
    {
        // The empty builder reads no file, no environment and adds no logger: each costs time at start, and we have our own of each.
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
        AddExtProc(builder.Services, sources, configure);
        return builder.Build();
    }

    /// <summary>Says what of the configuration works and helps nobody.</summary>
    public static void TellWarnings(WebApplication app, ILogger told)
    {
        foreach (PipelineProblem warning in app.Services.GetRequiredService<PipelinePlan>().Warnings)
        {
            ConfigProblem problem = warning.Told(isWarning: true);
            told.ConfigWarning($"{problem.At}: {problem.Message}");
        }
    }

    /// <summary>The file that is named by the flag or by the environment, its variables, and what flags say.</summary>
    public static ConfigSources Sources(string? file, IReadOnlyList<ConfigFlag> flags)
    {
        IReadOnlyDictionary<string, string> environment = ProcessEnvironment.Read();
        return new(file ?? environment.GetValueOrDefault(EnvironmentSettings.ConfigVariable), environment, flags);
    }
}
