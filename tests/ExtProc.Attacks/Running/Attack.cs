namespace ExtProc.Attacks.Running;

/// <summary>Who can do an attack.</summary>
internal enum Attacker
{
    /// <summary>Any client of Envoy, or any upstream behind it.</summary>
    Client,

    /// <summary>Whoever can open a connection to the port for Envoy.</summary>
    Peer,

    /// <summary>Whoever can open a connection to the admin port.</summary>
    AdminPeer,
}

/// <summary>
/// One way to hurt a server. Found by reflection: a class that derives from this one is an attack, in the short suite and in the
/// long one. It needs a constructor without parameters.
/// </summary>
internal abstract class Attack
{
    /// <summary>Who can do it.</summary>
    public abstract Attacker By { get; }

    /// <summary>How the server is set up.</summary>
    public virtual Config Config => Configs.Empty;

    /// <summary>The longest that it may take at its full length.</summary>
    public virtual TimeSpan Longest => TimeSpan.FromSeconds(30);

    /// <summary>
    /// Does it. Ends by itself or when <see cref="Target.Over"/> says so; a server that closes connections or resets streams
    /// meanwhile defends itself, and that is no error.
    /// </summary>
    public abstract Task RunAsync(Target target);

    /// <inheritdoc/>
    public override string ToString() => GetType().Name;
}
