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

    /// <summary>What the server is configured with besides its memory budget; attacks of one configuration can share a server.</summary>
    public virtual string Config => Configs.Empty;

    /// <summary>
    /// Does it. Ends by itself or when <see cref="Target.Over"/> says so; a server that closes connections or resets streams
    /// meanwhile defends itself, and that is no error.
    /// </summary>
    public abstract Task RunAsync(Target target);

    /// <inheritdoc/>
    public override string ToString() => GetType().Name;
}
