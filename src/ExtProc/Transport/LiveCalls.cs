using Grpc.Core;

namespace ExtProc.Transport;

/// <summary>
/// The calls that run now, so that a shutdown or the memory budget can end them. A list through the calls themselves: coming and
/// going costs no allocation. In shards, so that cores do not wait for each other.
/// </summary>
internal sealed class LiveCalls
{
    private readonly Shard[] shards = [.. Enumerable.Range(0, 8).Select(_ => new Shard())];

    /// <summary>How many calls run.</summary>
    public int Count => shards.Sum(shard => shard.Count);

    /// <summary>Ends every call with a status; those that begin later are not touched.</summary>
    public void EndAll(StatusCode code, string message)
    {
        foreach (HttpGrpcCall call in Snapshot())
        {
            call.End(code, message);
        }
    }

    /// <summary>Ends those that the library has: watches of health, which end by themselves only when their peers want it.</summary>
    public void EndHandedOver(StatusCode code, string message)
    {
        foreach (HttpGrpcCall call in Snapshot().Where(call => call.IsHandedOver))
        {
            call.End(code, message);
        }
    }

    /// <summary>Enters a call.</summary>
    public void Add(HttpGrpcCall call) => ShardOf(call).Add(call);

    /// <summary>Takes a call out; it was entered before.</summary>
    public void Remove(HttpGrpcCall call) => ShardOf(call).Remove(call);

    /// <summary>The calls of this moment, in no order.</summary>
    public IEnumerable<HttpGrpcCall> Snapshot() => shards.SelectMany(shard => shard.Snapshot());

    private Shard ShardOf(HttpGrpcCall call) =>
        shards[System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(call) % shards.Length];

    private sealed class Shard
    {
        private readonly Lock gate = new();
        private HttpGrpcCall? first;

        public int Count { get; private set; }

        public void Add(HttpGrpcCall call)
        {
            lock (gate)
            {
                call.Neighbours = (null, first);
                if (first is not null)
                {
                    first.Neighbours.Before = call;
                }

                first = call;
                Count++;
            }
        }

        public void Remove(HttpGrpcCall call)
        {
            lock (gate)
            {
                (HttpGrpcCall? before, HttpGrpcCall? after) = call.Neighbours;
                if (before is null)
                {
                    first = after;
                }
                else
                {
                    before.Neighbours.After = after;
                }

                if (after is not null)
                {
                    after.Neighbours.Before = before;
                }

                Count--;
            }
        }

        public List<HttpGrpcCall> Snapshot()
        {
            lock (gate)
            {
                List<HttpGrpcCall> calls = new(Count);
                for (HttpGrpcCall? call = first; call is not null; call = call.Neighbours.After)
                {
                    calls.Add(call);
                }

                return calls;
            }
        }
    }
}
