namespace OrleansCallback.Web.Security;

/// <summary>The roles that an account can have. Each is a policy of the same name on the endpoint groups that need it.</summary>
public static class Roles
{
    public const string Member = "member";
    public const string Merchant = "merchant";
    public const string SiteAdmin = "site_admin";
    public const string Finance = "finance";
    public const string Operator = "operator";

    /// <summary>The policy of what administrators and operators may both do.</summary>
    public const string SiteAdminOrOperator = "site_admin_or_operator";

    /// <summary>The policy of what administrators and finance may both do.</summary>
    public const string SiteAdminOrFinance = "site_admin_or_finance";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Member, Merchant, SiteAdmin, Finance, Operator];
}
