using System.Net.Sockets;
using ExtProc.Configuration;
using ExtProc.Front;
using ExtProc.Hosting;
using ExtProc.Hosting.CommandLine;
using ExtProc.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.Try;

/// <summary>
/// <c>extproc try</c>: the server of the program with the front of ExtProc.Front before it and an upstream behind that, in one process,
/// and each message shown. A program of your own has it with
/// <c>return await ExtProcProgram.RunAsync(args, extproc => …, new TryCommand());</c>
/// </summary>
public sealed class TryCommand : ExtProcCommand
{
    // Whoever ends it has seen what there was to see.
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    internal override string Name => "try";

    internal override string Usage => TryHelp.Usage;

    internal override string Help => TryHelp.Text;

    internal override async Task<int> RunAsync(string[] arguments, ProgramOutput output, Action<ExtProcBuilder>? configure)
    {
        if (TryArguments.Read(arguments, out string problem) is not { } wanted)
        {
            return output.RefuseUsage(problem);
        }

        LostLines lost = new();
        await using LineWriter events = new(output.Error, TimeProvider.System, lost, LostLines.Events), lines = new(output.Out, TimeProvider.System, lost, LostLines.Exchanges);
        using LineLog log = new(events, lines, lost, TimeProvider.System);
        try
        {
            await RunAsync(wanted, log, lost, lines, configure).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (ConfigException wrong)
        {
            output.Report(wrong.Problems.Where(found => !found.IsWarning));
            return ExitCode.Unusable;
        }
        catch (TryException refused)
        {
            output.Tell($"extproc: {refused.Message}");
            return ExitCode.Unusable;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Success; // told to stop before it had begun
        }
        catch (Exception unopened) when (unopened is SocketException or IOException { InnerException: AddressInUseException })
        {
            output.Tell($"extproc: {ListenFailure.Explain(unopened, [(ListenAddress.Loopback(wanted.Port), "--port")])}");
            return ExitCode.Unusable;
        }
    }

    private static async Task RunAsync(TryArguments wanted, LineLog log, LostLines lost, LineWriter lines, Action<ExtProcBuilder>? configure)
    {
        using OtherSignals signals = new(log.CreateLogger("ExtProc.Server"));
        await using WebApplication server = ServerBuild.Build(wanted.Sources(), log, lost, configure);
        signals.StopWith(server.Lifetime.StopApplication);
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        ExtProcFilterOptions filter = FilterOfDeclaration.Make(server.Services.GetRequiredService<ExtProcOptions>().Envoy, wanted);
        server.UseExtProcAlone(routes => routes.MapExtProc());
        await server.StartAsync().ConfigureAwait(false);
        ServerBuild.TellWarnings(server, server.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ExtProc.Server"));

        string address = server.ListenAddresses().First();
        filter.GrpcService = new($"http://{address}");
        await using WebApplication front = FrontApp.Build(wanted, filter, lines, log);
        await front.StartAsync(server.Lifetime.ApplicationStopping).ConfigureAwait(false);
        string pipeline = server.Services.GetRequiredService<ServedPipelines>()[PipelineNames.Default].Description;
        lines.Write(Greeting.Of(wanted, filter, front.ListenAddresses().First(), address, pipeline));
        await stopping.Task.ConfigureAwait(false);

        // The front first: its exchanges are those of the server.
        using CancellationTokenSource late = new(Goodbye);
        await front.StopAsync(late.Token).ConfigureAwait(false);
        await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }
}

/// <summary>What was asked for cannot be tried; the message says why.</summary>
internal sealed class TryException(string message) : Exception(message);
