namespace ExtProc.Transport;

/// <summary>How a peer may compress its messages; what we send is never compressed.</summary>
internal enum GrpcEncoding
{
    Identity,
    Gzip,
}
