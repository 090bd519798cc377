using System.Collections.Concurrent;
using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Pipeline.Encodings;
using ExtProc.Session;
using ExtProc.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Hosting;

/// <summary>A pipeline that this process serves.</summary>
internal sealed record ServedPipeline(string Name, ExtProcOptions Options, PipelinePlan Plan, ExchangeService Exchanges)
{
    /// <summary>Its processors, for logs.</summary>
    public string Description => Plan.IsPassThrough ? "everything passes" : string.Join(", ", Options.Pipeline.Steps.Select(step => step.Kind.Name));
}

/// <summary>The pipelines that this process serves, each made when it is first asked for.</summary>
internal sealed class ServedPipelines(
    ExtProcSetup setup, IOptionsMonitor<ExtProcOptions> options, ExchangeCounters counters, IServiceProvider services, ILoggerFactory loggers)
{
    private readonly ConcurrentDictionary<string, Lazy<ServedPipeline>> _made = new(StringComparer.Ordinal);

    // Of the pipelines that set no number of their own: as many as the memory budget has room for, of which there is one.
    private readonly Lazy<DecodingPlaces> _decoding = new(() => new((options.CurrentValue with { Limits = new() }).MostDecodingExchanges(CodingMemory.PairBytes)));

    /// <summary>All of them.</summary>
    /// <exception cref="ConfigException">The configuration of one cannot be used.</exception>
    public IEnumerable<ServedPipeline> All => setup.Pipelines.Keys.Select(name => this[name]);

    /// <summary>One of them.</summary>
    /// <exception cref="ConfigException">Its configuration cannot be used.</exception>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public ServedPipeline this[string name] => _made.GetOrAdd(name, missing => new(() => Make(missing))).Value;

    private ServedPipeline Make(string name)
    {
        ExtProcOptions settings = options.Get(name);
        PipelinePlan plan = PipelinePlan.Build(settings, services, out var problems, settings.Limits.DecodingExchanges == 0 ? _decoding.Value : null);
        return problems.Count > 0
            ? throw new ConfigException([.. problems.Select(problem => problem.Told(isWarning: false))])
            : new(name, settings, plan, new(plan, new ExchangeLog(loggers, settings), counters, loggers.CreateLogger<ExchangeService>()));
    }
}
