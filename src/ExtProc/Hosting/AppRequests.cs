using ExtProc.Session;
using ExtProc.Transport.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Hosting;

/// <summary>
/// Keeps a guarded connection in use while a request of the app's own runs on it, be it gRPC or a page: without a call it would be closed as
/// unused. Before all other middleware, which may answer by itself.
/// </summary>
internal sealed class AppRequests : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(serve => context => context.Request.Path.Value != ExternalProcessorService.Path && context.Features.Get<GuardedConnection>() is { } connection
            ? CountAsync(serve, context, connection)
            : serve(context)); // Process is counted where it is served, for less
        next(app);
    };

    private static async Task CountAsync(RequestDelegate serve, HttpContext context, GuardedConnection connection)
    {
        connection.BeginCall();
        try
        {
            await serve(context).ConfigureAwait(false);
        }
        finally
        {
            connection.EndCall();
        }
    }
}
