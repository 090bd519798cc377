namespace ExtProc.Pipeline.Encodings;

/// <summary>
/// The exchanges that decode bodies, at most so many at one time (<c>limits.decodingExchanges</c>): each costs memory from its
/// body's first byte to its last, and a byte is all that a client has to send. When all places are taken, the exchange that has waited
/// longest for bytes makes room. From any thread.
/// </summary>
internal sealed class DecodingPlaces(int most)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Place> _waiting = new(); // the longest first
    private int _taken;

    /// <summary>How many there are.</summary>
    public int Most => most;

    /// <summary>How many are taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>How many of those wait for bytes, and can make room.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Takes a place.</summary>
    /// <param name="makeRoom">Ends the exchange, when it has waited longest and another needs the place. Called once at most, on any thread.</param>
    /// <exception cref="DecodingLimitException">All places are taken, and none waits for bytes.</exception>
    public Place Take(Action makeRoom)
    {
        Place? longest;
        lock (_gate)
        {
            longest = _taken < most ? null : _waiting.First?.Value ?? throw new DecodingLimitException(most);
            if (longest is null)
            {
                _taken++;
            }
            else
            {
                longest.Lose();
            }
        }

        longest?.MakeRoom();
        return new(this, makeRoom);
    }

    /// <summary>A place that is taken.</summary>
    internal sealed class Place : IDisposable
    {
        private readonly DecodingPlaces _places;
        private readonly Action _makeRoom;
        private readonly LinkedListNode<Place> _node;
        private bool _isLost;

        public Place(DecodingPlaces places, Action makeRoom)
        {
            (_places, _makeRoom) = (places, makeRoom);
            _node = new(this);
        }

        /// <summary>Bytes have come.</summary>
        /// <exception cref="DecodingLimitException">The place is another's.</exception>
        public void Resume()
        {
            lock (_places._gate)
            {
                if (_isLost)
                {
                    throw new DecodingLimitException(_places.Most);
                }

                StopWaiting();
            }
        }

        /// <summary>Waits for more bytes.</summary>
        public void Rest()
        {
            lock (_places._gate)
            {
                if (!_isLost && _node.List is null)
                {
                    _places._waiting.AddLast(_node);
                }
            }
        }

        /// <summary>Gives the place back, if it is not another's.</summary>
        public void Dispose()
        {
            lock (_places._gate)
            {
                if (!_isLost)
                {
                    Lose();
                    _places._taken--;
                }
            }
        }

        internal void MakeRoom() => _makeRoom();

        /// <summary>Under the gate: whoever called has the place now.</summary>
        internal void Lose()
        {
            _isLost = true;
            StopWaiting();
        }

        private void StopWaiting()
        {
            if (_node.List is not null)
            {
                _places._waiting.Remove(_node);
            }
        }
    }
}

/// <summary>
/// Too many exchanges decode bodies at one time: this one ends, with RESOURCE_EXHAUSTED and the reason
/// <see cref="Reasons.DecodingLimit"/>. It is no processor's failure, so <c>onError</c> does not let the body pass unread.
/// </summary>
internal sealed class DecodingLimitException(int most)
    : Exception($"{most} exchanges decode bodies at one time, and no more may (limits.decodingExchanges)");
