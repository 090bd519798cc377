namespace ExtProc.Transport;

/// <summary>
/// In which order calls make room: of the addresses that which holds most gives first, of its connections that which holds most, of its
/// calls those that stand still, the largest first; until another holds more. So a peer that fills the budget with many calls, or over many connections, pays before
/// those who have only a few.
/// </summary>
internal static class GivingOrder
{
    /// <summary>The calls in that order. Made as far as it is asked for.</summary>
    public static IEnumerable<CallLoad> Of(IEnumerable<CallLoad> loads)
    {
        var all = new Several(loads.GroupBy(load => load.Address).Select(OfAddress));
        while (all.Bytes > 0)
        {
            yield return all.Give();
        }
    }

    private static Several OfAddress(IEnumerable<CallLoad> loads) => new(loads.GroupBy(load => load.Connection).Select(calls => new Calls(calls)));

    /// <summary>Somebody who holds memory, and gives a call at a time.</summary>
    private abstract class Holder
    {
        public long Bytes { get; private protected set; }

        public abstract CallLoad Give();
    }

    /// <summary>One connection.</summary>
    private sealed class Calls : Holder
    {
        private readonly CallLoad[] inTurn;
        private int given;

        public Calls(IEnumerable<CallLoad> loads)
        {
            inTurn = [.. loads.OrderByDescending(load => load.StandsStill).ThenByDescending(load => load.Bytes)];
            Bytes = inTurn.Sum(load => load.Bytes);
        }

        public override CallLoad Give()
        {
            CallLoad next = inTurn[given++];
            Bytes -= next.Bytes;
            return next;
        }
    }

    /// <summary>All connections of one address, or all addresses.</summary>
    private sealed class Several : Holder
    {
        private readonly PriorityQueue<Holder, long> largestFirst = new();

        public Several(IEnumerable<Holder> holders)
        {
            foreach (Holder holder in holders)
            {
                largestFirst.Enqueue(holder, -holder.Bytes);
                Bytes += holder.Bytes;
            }
        }

        public override CallLoad Give()
        {
            Holder largest = largestFirst.Dequeue();
            CallLoad next = largest.Give();
            Bytes -= next.Bytes;
            if (largest.Bytes > 0)
            {
                largestFirst.Enqueue(largest, -largest.Bytes);
            }

            return next;
        }
    }
}
