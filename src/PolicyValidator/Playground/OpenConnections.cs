using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PolicyValidator.Playground;

/// <summary>
/// Keeps the page open for those who use it: at the limit the connection that has been quiet for longest makes room for a new one, so that
/// no number of silent ones shuts others out. One whose text is being judged is not quiet; where all are, the new one is closed.
/// </summary>
/// <param name="most">Connections at once.</param>
internal sealed class OpenConnections(int most)
{
    private readonly Lock gate = new();
    private readonly LinkedList<OpenConnection> open = []; // the longest quiet first

    /// <summary>Guards a port; to be called while the server is set up.</summary>
    public void Guard(ListenOptions listener) => listener.Use(next => async connection =>
    {
        OpenConnection entered = new(this, connection);
        connection.Features.Set(entered);
        if (Enter(entered) is { } tooMuch)
        {
            tooMuch.Close();
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Leave(entered);
        }
    });

    /// <summary>Says that a connection is in use, and is the last to go.</summary>
    public void Touch(OpenConnection connection)
    {
        lock (gate)
        {
            if (open.Remove(connection))
            {
                open.AddLast(connection);
            }
        }
    }

    /// <summary>Takes one in.</summary>
    /// <returns>The one that has to go for it, which may be itself; null where there is room.</returns>
    private OpenConnection? Enter(OpenConnection connection)
    {
        lock (gate)
        {
            OpenConnection? tooMuch = open.Count < most ? null : open.FirstOrDefault(each => !each.IsJudged) ?? connection;
            open.AddLast(connection);
            if (tooMuch is not null)
            {
                open.Remove(tooMuch);
            }

            return tooMuch;
        }
    }

    private void Leave(OpenConnection connection)
    {
        lock (gate)
        {
            open.Remove(connection);
        }
    }
}

/// <summary>One connection; a feature of it, so that each of its requests finds it.</summary>
internal sealed class OpenConnection(OpenConnections all, ConnectionContext connection)
{
    /// <summary>Whether a text of its is being judged, or waits for its turn.</summary>
    public bool IsJudged { get; set; }

    /// <summary>Says that a request has come.</summary>
    public void Touch() => all.Touch(this);

    /// <summary>Closes it.</summary>
    public void Close() => connection.Abort(new ConnectionAbortedException("the page needs the place of this connection"));
}
