using System.Diagnostics.Metrics;
using ExtProc.Transport.Connections;

namespace ExtProc.Transport;

/// <summary>What the transport holds, as metrics of the meter <c>ExtProc</c>: streams, the memory budget, the block pool.</summary>
internal sealed class TransportGauges : IDisposable
{
    internal const string MeterName = "ExtProc";

    private readonly Meter meter;

    public TransportGauges(TransportBudget budget, BlockPool pool, ConnectionGuard guard, IMeterFactory? meters = null)
    {
        meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        meter.CreateObservableUpDownCounter("extproc.streams", () => budget.Calls.Count, "{stream}", "Streams that are open now.");
        meter.CreateObservableUpDownCounter("extproc.connections", () => guard.Count, "{connection}", "Connections that are open now.");
        meter.CreateObservableGauge("extproc.connections.limit", () => guard.Max, "{connection}", "Connections at once (transport.maxConnections).");
        meter.CreateObservableUpDownCounter("extproc.memory.used", () => budget.UsedBytes, "By", "Memory of everything that waits: rented blocks and what handlers hold.");
        meter.CreateObservableGauge("extproc.memory.limit", () => budget.LimitBytes, "By", "The budget (transport.memoryBudgetBytes); large streams are ended from four fifths of it on.");
        meter.CreateObservableCounter("extproc.memory.relief", budget.Relief.Measurements, "{end}", "Calls and connections that were ended, and calls refused, to keep the memory budget, by rule.");
        meter.CreateObservableUpDownCounter("extproc.pool.rented", () => pool.RentedBytes, "By", "Blocks that connections use now.");
        meter.CreateObservableUpDownCounter("extproc.pool.free", () => pool.FreeBytes, "By", "Free blocks that are kept for reuse; given back when nobody needs them for a while.");
    }

    public void Dispose() => meter.Dispose();
}
