using System.Collections.Immutable;

namespace ExtProc.Transport;

/// <summary>
/// What the health service says of each service, by full name; the empty name is the server as a whole. Begins with nothing known.
/// </summary>
internal sealed class GrpcHealth
{
    private readonly Lock gate = new();
    private bool stopping;
    private State now = new(ImmutableSortedDictionary<string, bool>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>What is so now, and a task that ends when it no longer is.</summary>
    public State Now => Volatile.Read(ref now);

    /// <summary>Says that services serve, or do not; those that watch are told.</summary>
    public void Set(bool serving, params IEnumerable<string> services) =>
        Change(before => before.SetItems(services.Select(service => KeyValuePair.Create(service, serving))));

    /// <summary>Whether the server stops: who watches has been told by then, and its connection must not be kept open by that.</summary>
    public bool Stopping => Volatile.Read(ref stopping);

    /// <summary>Ends the watches.</summary>
    public void Stop()
    {
        Volatile.Write(ref stopping, true);
        Change(before => before);
    }

    /// <summary>Says the same of every service known so far: how a drain begins.</summary>
    public void SetAll(bool serving) => Set(serving, Now.Serving.Keys);

    private void Change(Func<ImmutableSortedDictionary<string, bool>, ImmutableSortedDictionary<string, bool>> to)
    {
        State before;
        lock (gate)
        {
            before = now;
            Volatile.Write(ref now, new State(to(before.Serving)));
        }

        before.End();
    }

    /// <summary>One moment's picture.</summary>
    internal sealed class State(ImmutableSortedDictionary<string, bool> serving)
    {
        private readonly TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whether each known service serves.</summary>
        public ImmutableSortedDictionary<string, bool> Serving { get; } = serving;

        /// <summary>Ends when this picture is out of date.</summary>
        public Task Changed => changed.Task;

        /// <summary>Tells those that wait.</summary>
        public void End() => changed.TrySetResult();
    }
}
