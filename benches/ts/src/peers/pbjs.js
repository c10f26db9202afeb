/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const shapes = $root.shapes = (() => {

    /**
     * Namespace shapes.
     * @exports shapes
     * @namespace
     */
    const shapes = {};

    shapes.Telemetry = (function() {

        /**
         * Properties of a Telemetry.
         * @typedef {Object} shapes.Telemetry.$Properties
         * @property {number|null} [vesselId] Telemetry vesselId
         * @property {number|null} [time] Telemetry time
         * @property {string|null} [name] Telemetry name
         * @property {number|null} [lat] Telemetry lat
         * @property {number|null} [lon] Telemetry lon
         * @property {number|null} [speed] Telemetry speed
         * @property {number|null} [heading] Telemetry heading
         * @property {number|null} [rpm] Telemetry rpm
         * @property {number|null} [fuel] Telemetry fuel
         * @property {boolean|null} [anchored] Telemetry anchored
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Telemetry.
         * @memberof shapes
         * @interface ITelemetry
         * @augments shapes.Telemetry.$Properties
         * @deprecated Use shapes.Telemetry.$Properties instead.
         */

        /**
         * Shape of a Telemetry.
         * @typedef {shapes.Telemetry.$Properties} shapes.Telemetry.$Shape
         */

        /**
         * Constructs a new Telemetry.
         * @memberof shapes
         * @classdesc Represents a Telemetry.
         * @constructor
         * @param {shapes.Telemetry.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Telemetry = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Telemetry vesselId.
         * @member {number} vesselId
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.vesselId = 0;

        /**
         * Telemetry time.
         * @member {number} time
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.time = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Telemetry name.
         * @member {string} name
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.name = "";

        /**
         * Telemetry lat.
         * @member {number} lat
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.lat = 0;

        /**
         * Telemetry lon.
         * @member {number} lon
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.lon = 0;

        /**
         * Telemetry speed.
         * @member {number} speed
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.speed = 0;

        /**
         * Telemetry heading.
         * @member {number} heading
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.heading = 0;

        /**
         * Telemetry rpm.
         * @member {number} rpm
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.rpm = 0;

        /**
         * Telemetry fuel.
         * @member {number} fuel
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.fuel = 0;

        /**
         * Telemetry anchored.
         * @member {boolean} anchored
         * @memberof shapes.Telemetry
         * @instance
         */
        Telemetry.prototype.anchored = false;

        /**
         * Creates a new Telemetry instance using the specified properties.
         * @function create
         * @memberof shapes.Telemetry
         * @static
         * @param {shapes.Telemetry.$Properties=} [properties] Properties to set
         * @returns {shapes.Telemetry} Telemetry instance
         * @type {{
         *   (properties: shapes.Telemetry.$Shape): shapes.Telemetry & shapes.Telemetry.$Shape;
         *   (properties?: shapes.Telemetry.$Properties): shapes.Telemetry;
         * }}
         */
        Telemetry.create = function(properties) {
            return new Telemetry(properties);
        };

        /**
         * Encodes the specified Telemetry message. Does not implicitly {@link shapes.Telemetry.verify|verify} messages.
         * @function encode
         * @memberof shapes.Telemetry
         * @static
         * @param {shapes.Telemetry.$Properties} message Telemetry message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Telemetry.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.vesselId != null && $Object.hasOwnProperty.call(message, "vesselId") && message.vesselId !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.vesselId);
            if (message.time != null && $Object.hasOwnProperty.call(message, "time") && (typeof message.time === "object" ? message.time.low || message.time.high : message.time !== 0))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.time);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
            if (message.lat != null && $Object.hasOwnProperty.call(message, "lat") && !$Object.is(message.lat, 0))
                writer.uint32(/* id 4, wireType 1 =*/33).double(message.lat);
            if (message.lon != null && $Object.hasOwnProperty.call(message, "lon") && !$Object.is(message.lon, 0))
                writer.uint32(/* id 5, wireType 1 =*/41).double(message.lon);
            if (message.speed != null && $Object.hasOwnProperty.call(message, "speed") && !$Object.is(message.speed, 0))
                writer.uint32(/* id 6, wireType 5 =*/53).float(message.speed);
            if (message.heading != null && $Object.hasOwnProperty.call(message, "heading") && message.heading !== 0)
                writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.heading);
            if (message.rpm != null && $Object.hasOwnProperty.call(message, "rpm") && message.rpm !== 0)
                writer.uint32(/* id 8, wireType 0 =*/64).sint32(message.rpm);
            if (message.fuel != null && $Object.hasOwnProperty.call(message, "fuel") && !$Object.is(message.fuel, 0))
                writer.uint32(/* id 9, wireType 5 =*/77).float(message.fuel);
            if (message.anchored != null && $Object.hasOwnProperty.call(message, "anchored") && message.anchored !== false)
                writer.uint32(/* id 10, wireType 0 =*/80).bool(message.anchored);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Telemetry message from the specified reader or buffer.
         * @function decode
         * @memberof shapes.Telemetry
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {shapes.Telemetry & shapes.Telemetry.$Shape} Telemetry
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Telemetry.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.shapes.Telemetry();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.vesselId = value;
                        else
                            delete message.vesselId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.time = value;
                        else
                            delete message.time;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 4: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.lat = value;
                        else
                            delete message.lat;
                        continue;
                    }
                case 5: {
                        if (wireType !== 1)
                            break;
                        if (!$Object.is(value = reader.double(), 0))
                            message.lon = value;
                        else
                            delete message.lon;
                        continue;
                    }
                case 6: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.speed = value;
                        else
                            delete message.speed;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.heading = value;
                        else
                            delete message.heading;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.sint32())
                            message.rpm = value;
                        else
                            delete message.rpm;
                        continue;
                    }
                case 9: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.fuel = value;
                        else
                            delete message.fuel;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.anchored = value;
                        else
                            delete message.anchored;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Telemetry
         * @function getTypeUrl
         * @memberof shapes.Telemetry
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Telemetry.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/shapes.Telemetry";
        };

        return Telemetry;
    })();

    shapes.Item = (function() {

        /**
         * Properties of an Item.
         * @typedef {Object} shapes.Item.$Properties
         * @property {number|null} [id] Item id
         * @property {number|null} [count] Item count
         * @property {number|null} [durability] Item durability
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an Item.
         * @memberof shapes
         * @interface IItem
         * @augments shapes.Item.$Properties
         * @deprecated Use shapes.Item.$Properties instead.
         */

        /**
         * Shape of an Item.
         * @typedef {shapes.Item.$Properties} shapes.Item.$Shape
         */

        /**
         * Constructs a new Item.
         * @memberof shapes
         * @classdesc Represents an Item.
         * @constructor
         * @param {shapes.Item.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Item = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Item id.
         * @member {number} id
         * @memberof shapes.Item
         * @instance
         */
        Item.prototype.id = 0;

        /**
         * Item count.
         * @member {number} count
         * @memberof shapes.Item
         * @instance
         */
        Item.prototype.count = 0;

        /**
         * Item durability.
         * @member {number} durability
         * @memberof shapes.Item
         * @instance
         */
        Item.prototype.durability = 0;

        /**
         * Creates a new Item instance using the specified properties.
         * @function create
         * @memberof shapes.Item
         * @static
         * @param {shapes.Item.$Properties=} [properties] Properties to set
         * @returns {shapes.Item} Item instance
         * @type {{
         *   (properties: shapes.Item.$Shape): shapes.Item & shapes.Item.$Shape;
         *   (properties?: shapes.Item.$Properties): shapes.Item;
         * }}
         */
        Item.create = function(properties) {
            return new Item(properties);
        };

        /**
         * Encodes the specified Item message. Does not implicitly {@link shapes.Item.verify|verify} messages.
         * @function encode
         * @memberof shapes.Item
         * @static
         * @param {shapes.Item.$Properties} message Item message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Item.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.id);
            if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.count);
            if (message.durability != null && $Object.hasOwnProperty.call(message, "durability") && !$Object.is(message.durability, 0))
                writer.uint32(/* id 3, wireType 5 =*/29).float(message.durability);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes an Item message from the specified reader or buffer.
         * @function decode
         * @memberof shapes.Item
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {shapes.Item & shapes.Item.$Shape} Item
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Item.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.shapes.Item();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.count = value;
                        else
                            delete message.count;
                        continue;
                    }
                case 3: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.durability = value;
                        else
                            delete message.durability;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Item
         * @function getTypeUrl
         * @memberof shapes.Item
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Item.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/shapes.Item";
        };

        return Item;
    })();

    shapes.Player = (function() {

        /**
         * Properties of a Player.
         * @typedef {Object} shapes.Player.$Properties
         * @property {string|null} [name] Player name
         * @property {number|null} [x] Player x
         * @property {number|null} [y] Player y
         * @property {number|null} [z] Player z
         * @property {number|null} [hp] Player hp
         * @property {Array.<shapes.Item.$Properties>|null} [inventory] Player inventory
         * @property {number|null} [flags] Player flags
         * @property {boolean|null} [alive] Player alive
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Player.
         * @memberof shapes
         * @interface IPlayer
         * @augments shapes.Player.$Properties
         * @deprecated Use shapes.Player.$Properties instead.
         */

        /**
         * Shape of a Player.
         * @typedef {shapes.Player.$Properties} shapes.Player.$Shape
         */

        /**
         * Constructs a new Player.
         * @memberof shapes
         * @classdesc Represents a Player.
         * @constructor
         * @param {shapes.Player.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Player = function (properties) {
            this.inventory = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Player name.
         * @member {string} name
         * @memberof shapes.Player
         * @instance
         */
        Player.prototype.name = "";

        /**
         * Player x.
         * @member {number} x
         * @memberof shapes.Player
         * @instance
         */
        Player.prototype.x = 0;

        /**
         * Player y.
         * @member {number} y
         * @memberof shapes.Player
         * @instance
         */
        Player.prototype.y = 0;

        /**
         * Player z.
         * @member {number} z
         * @memberof shapes.Player
         * @instance
         */
        Player.prototype.z = 0;

        /**
         * Player hp.
         * @member {number} hp
         * @memberof shapes.Player
         * @instance
         */
        Player.prototype.hp = 0;

        /**
         * Player inventory.
         * @member {Array.<shapes.Item.$Properties>} inventory
         * @memberof shapes.Player
         * @instance
         */
        Player.prototype.inventory = $util.emptyArray;

        /**
         * Player flags.
         * @member {number} flags
         * @memberof shapes.Player
         * @instance
         */
        Player.prototype.flags = 0;

        /**
         * Player alive.
         * @member {boolean} alive
         * @memberof shapes.Player
         * @instance
         */
        Player.prototype.alive = false;

        /**
         * Creates a new Player instance using the specified properties.
         * @function create
         * @memberof shapes.Player
         * @static
         * @param {shapes.Player.$Properties=} [properties] Properties to set
         * @returns {shapes.Player} Player instance
         * @type {{
         *   (properties: shapes.Player.$Shape): shapes.Player & shapes.Player.$Shape;
         *   (properties?: shapes.Player.$Properties): shapes.Player;
         * }}
         */
        Player.create = function(properties) {
            return new Player(properties);
        };

        /**
         * Encodes the specified Player message. Does not implicitly {@link shapes.Player.verify|verify} messages.
         * @function encode
         * @memberof shapes.Player
         * @static
         * @param {shapes.Player.$Properties} message Player message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Player.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
            if (message.x != null && $Object.hasOwnProperty.call(message, "x") && !$Object.is(message.x, 0))
                writer.uint32(/* id 2, wireType 5 =*/21).float(message.x);
            if (message.y != null && $Object.hasOwnProperty.call(message, "y") && !$Object.is(message.y, 0))
                writer.uint32(/* id 3, wireType 5 =*/29).float(message.y);
            if (message.z != null && $Object.hasOwnProperty.call(message, "z") && !$Object.is(message.z, 0))
                writer.uint32(/* id 4, wireType 5 =*/37).float(message.z);
            if (message.hp != null && $Object.hasOwnProperty.call(message, "hp") && message.hp !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.hp);
            if (message.inventory != null && message.inventory.length)
                for (let i = 0; i < message.inventory.length; ++i)
                    $root.shapes.Item.encode(message.inventory[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
            if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
                writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.flags);
            if (message.alive != null && $Object.hasOwnProperty.call(message, "alive") && message.alive !== false)
                writer.uint32(/* id 8, wireType 0 =*/64).bool(message.alive);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Player message from the specified reader or buffer.
         * @function decode
         * @memberof shapes.Player
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {shapes.Player & shapes.Player.$Shape} Player
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Player.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.shapes.Player();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.x = value;
                        else
                            delete message.x;
                        continue;
                    }
                case 3: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.y = value;
                        else
                            delete message.y;
                        continue;
                    }
                case 4: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.z = value;
                        else
                            delete message.z;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.hp = value;
                        else
                            delete message.hp;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if (!(message.inventory && message.inventory.length))
                            message.inventory = [];
                        message.inventory.push($root.shapes.Item.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.flags = value;
                        else
                            delete message.flags;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.bool())
                            message.alive = value;
                        else
                            delete message.alive;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for Player
         * @function getTypeUrl
         * @memberof shapes.Player
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        Player.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/shapes.Player";
        };

        return Player;
    })();

    shapes.GameState = (function() {

        /**
         * Properties of a GameState.
         * @typedef {Object} shapes.GameState.$Properties
         * @property {number|null} [tick] GameState tick
         * @property {Object.<string,shapes.Player.$Properties>|null} [players] GameState players
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a GameState.
         * @memberof shapes
         * @interface IGameState
         * @augments shapes.GameState.$Properties
         * @deprecated Use shapes.GameState.$Properties instead.
         */

        /**
         * Shape of a GameState.
         * @typedef {shapes.GameState.$Properties} shapes.GameState.$Shape
         */

        /**
         * Constructs a new GameState.
         * @memberof shapes
         * @classdesc Represents a GameState.
         * @constructor
         * @param {shapes.GameState.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const GameState = function (properties) {
            this.players = {};
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * GameState tick.
         * @member {number} tick
         * @memberof shapes.GameState
         * @instance
         */
        GameState.prototype.tick = 0;

        /**
         * GameState players.
         * @member {Object.<string,shapes.Player.$Properties>} players
         * @memberof shapes.GameState
         * @instance
         */
        GameState.prototype.players = $util.emptyObject;

        /**
         * Creates a new GameState instance using the specified properties.
         * @function create
         * @memberof shapes.GameState
         * @static
         * @param {shapes.GameState.$Properties=} [properties] Properties to set
         * @returns {shapes.GameState} GameState instance
         * @type {{
         *   (properties: shapes.GameState.$Shape): shapes.GameState & shapes.GameState.$Shape;
         *   (properties?: shapes.GameState.$Properties): shapes.GameState;
         * }}
         */
        GameState.create = function(properties) {
            return new GameState(properties);
        };

        /**
         * Encodes the specified GameState message. Does not implicitly {@link shapes.GameState.verify|verify} messages.
         * @function encode
         * @memberof shapes.GameState
         * @static
         * @param {shapes.GameState.$Properties} message GameState message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        GameState.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.tick != null && $Object.hasOwnProperty.call(message, "tick") && message.tick !== 0)
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.tick);
            if (message.players != null && $Object.hasOwnProperty.call(message, "players"))
                for (let keys = $Object.keys(message.players), i = 0; i < keys.length; ++i) {
                    writer.uint32(/* id 2, wireType 2 =*/18).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]);
                    $root.shapes.Player.encode(message.players[keys[i]], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim().ldelim();
                }
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a GameState message from the specified reader or buffer.
         * @function decode
         * @memberof shapes.GameState
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {shapes.GameState & shapes.GameState.$Shape} GameState
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        GameState.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, key, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.shapes.GameState();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.tick = value;
                        else
                            delete message.tick;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (message.players === $util.emptyObject)
                            message.players = {};
                        let end2 = reader.size() + reader.pos;
                        if (end2 > reader.len)
                            throw $RangeError("index out of range");
                        reader.len = end2;
                        key = "";
                        value = null;
                        while (reader.pos < end2) {
                            let tag2 = reader.tag();
                            wireType = tag2 & 7;
                            switch (tag2 >>>= 3) {
                            case 1:
                                if (wireType !== 2)
                                    break;
                                key = reader.stringVerify();
                                continue;
                            case 2:
                                if (wireType !== 2)
                                    break;
                                value = $root.shapes.Player.decode(reader, reader.size(), $undefined, _depth + 1, value);
                                continue;
                            }
                            reader.skipType(wireType, _depth, tag2);
                        }
                        if (reader.pos !== end2)
                            throw $RangeError("index out of range");
                        reader.len = end;
                        if (key === "__proto__")
                            $util.makeProp(message.players, key);
                        message.players[key] = value || new $root.shapes.Player();
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for GameState
         * @function getTypeUrl
         * @memberof shapes.GameState
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        GameState.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/shapes.GameState";
        };

        return GameState;
    })();

    shapes.LogRecord = (function() {

        /**
         * Properties of a LogRecord.
         * @typedef {Object} shapes.LogRecord.$Properties
         * @property {number|null} [time] LogRecord time
         * @property {number|null} [level] LogRecord level
         * @property {string|null} [host] LogRecord host
         * @property {string|null} [message] LogRecord message
         * @property {number|null} [status] LogRecord status
         * @property {number|null} [bytes] LogRecord bytes
         * @property {number|null} [latency] LogRecord latency
         * @property {string|null} [user] LogRecord user
         * @property {number|null} [traceId] LogRecord traceId
         * @property {number|null} [temp] LogRecord temp
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LogRecord.
         * @memberof shapes
         * @interface ILogRecord
         * @augments shapes.LogRecord.$Properties
         * @deprecated Use shapes.LogRecord.$Properties instead.
         */

        /**
         * Shape of a LogRecord.
         * @typedef {shapes.LogRecord.$Properties} shapes.LogRecord.$Shape
         */

        /**
         * Constructs a new LogRecord.
         * @memberof shapes
         * @classdesc Represents a LogRecord.
         * @constructor
         * @param {shapes.LogRecord.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LogRecord = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LogRecord time.
         * @member {number} time
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.time = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * LogRecord level.
         * @member {number} level
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.level = 0;

        /**
         * LogRecord host.
         * @member {string} host
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.host = "";

        /**
         * LogRecord message.
         * @member {string} message
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.message = "";

        /**
         * LogRecord status.
         * @member {number} status
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.status = 0;

        /**
         * LogRecord bytes.
         * @member {number} bytes
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.bytes = 0;

        /**
         * LogRecord latency.
         * @member {number} latency
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.latency = 0;

        /**
         * LogRecord user.
         * @member {string|null|undefined} user
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.user = null;

        /**
         * LogRecord traceId.
         * @member {number|null|undefined} traceId
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.traceId = null;

        /**
         * LogRecord temp.
         * @member {number|null|undefined} temp
         * @memberof shapes.LogRecord
         * @instance
         */
        LogRecord.prototype.temp = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(LogRecord.prototype, "_user", {
            get: $util.oneOfGetter($oneOfFields = ["user"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(LogRecord.prototype, "_traceId", {
            get: $util.oneOfGetter($oneOfFields = ["traceId"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        // Virtual OneOf for proto3 optional field
        $Object.defineProperty(LogRecord.prototype, "_temp", {
            get: $util.oneOfGetter($oneOfFields = ["temp"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new LogRecord instance using the specified properties.
         * @function create
         * @memberof shapes.LogRecord
         * @static
         * @param {shapes.LogRecord.$Properties=} [properties] Properties to set
         * @returns {shapes.LogRecord} LogRecord instance
         * @type {{
         *   (properties: shapes.LogRecord.$Shape): shapes.LogRecord & shapes.LogRecord.$Shape;
         *   (properties?: shapes.LogRecord.$Properties): shapes.LogRecord;
         * }}
         */
        LogRecord.create = function(properties) {
            return new LogRecord(properties);
        };

        /**
         * Encodes the specified LogRecord message. Does not implicitly {@link shapes.LogRecord.verify|verify} messages.
         * @function encode
         * @memberof shapes.LogRecord
         * @static
         * @param {shapes.LogRecord.$Properties} message LogRecord message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LogRecord.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.time != null && $Object.hasOwnProperty.call(message, "time") && (typeof message.time === "object" ? message.time.low || message.time.high : message.time !== 0))
                writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.time);
            if (message.level != null && $Object.hasOwnProperty.call(message, "level") && message.level !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.level);
            if (message.host != null && $Object.hasOwnProperty.call(message, "host") && message.host !== "")
                writer.uint32(/* id 3, wireType 2 =*/26).string(message.host);
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.message);
            if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.status);
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && message.bytes !== 0)
                writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.bytes);
            if (message.latency != null && $Object.hasOwnProperty.call(message, "latency") && !$Object.is(message.latency, 0))
                writer.uint32(/* id 7, wireType 5 =*/61).float(message.latency);
            if (message.user != null && $Object.hasOwnProperty.call(message, "user"))
                writer.uint32(/* id 8, wireType 2 =*/66).string(message.user);
            if (message.traceId != null && $Object.hasOwnProperty.call(message, "traceId"))
                writer.uint32(/* id 9, wireType 0 =*/72).uint64(message.traceId);
            if (message.temp != null && $Object.hasOwnProperty.call(message, "temp"))
                writer.uint32(/* id 10, wireType 1 =*/81).double(message.temp);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LogRecord message from the specified reader or buffer.
         * @function decode
         * @memberof shapes.LogRecord
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {shapes.LogRecord & shapes.LogRecord.$Shape} LogRecord
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LogRecord.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.shapes.LogRecord();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.time = value;
                        else
                            delete message.time;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.level = value;
                        else
                            delete message.level;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.host = value;
                        else
                            delete message.host;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.status = value;
                        else
                            delete message.status;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.uint32())
                            message.bytes = value;
                        else
                            delete message.bytes;
                        continue;
                    }
                case 7: {
                        if (wireType !== 5)
                            break;
                        if (!$Object.is(value = reader.float(), 0))
                            message.latency = value;
                        else
                            delete message.latency;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.user = reader.stringVerify();
                        message._user = "user";
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        message.traceId = reader.uint64();
                        message._traceId = "traceId";
                        continue;
                    }
                case 10: {
                        if (wireType !== 1)
                            break;
                        message.temp = reader.double();
                        message._temp = "temp";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LogRecord
         * @function getTypeUrl
         * @memberof shapes.LogRecord
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LogRecord.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/shapes.LogRecord";
        };

        return LogRecord;
    })();

    shapes.LogBatch = (function() {

        /**
         * Properties of a LogBatch.
         * @typedef {Object} shapes.LogBatch.$Properties
         * @property {Array.<shapes.LogRecord.$Properties>|null} [records] LogBatch records
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a LogBatch.
         * @memberof shapes
         * @interface ILogBatch
         * @augments shapes.LogBatch.$Properties
         * @deprecated Use shapes.LogBatch.$Properties instead.
         */

        /**
         * Shape of a LogBatch.
         * @typedef {shapes.LogBatch.$Properties} shapes.LogBatch.$Shape
         */

        /**
         * Constructs a new LogBatch.
         * @memberof shapes
         * @classdesc Represents a LogBatch.
         * @constructor
         * @param {shapes.LogBatch.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const LogBatch = function (properties) {
            this.records = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * LogBatch records.
         * @member {Array.<shapes.LogRecord.$Properties>} records
         * @memberof shapes.LogBatch
         * @instance
         */
        LogBatch.prototype.records = $util.emptyArray;

        /**
         * Creates a new LogBatch instance using the specified properties.
         * @function create
         * @memberof shapes.LogBatch
         * @static
         * @param {shapes.LogBatch.$Properties=} [properties] Properties to set
         * @returns {shapes.LogBatch} LogBatch instance
         * @type {{
         *   (properties: shapes.LogBatch.$Shape): shapes.LogBatch & shapes.LogBatch.$Shape;
         *   (properties?: shapes.LogBatch.$Properties): shapes.LogBatch;
         * }}
         */
        LogBatch.create = function(properties) {
            return new LogBatch(properties);
        };

        /**
         * Encodes the specified LogBatch message. Does not implicitly {@link shapes.LogBatch.verify|verify} messages.
         * @function encode
         * @memberof shapes.LogBatch
         * @static
         * @param {shapes.LogBatch.$Properties} message LogBatch message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        LogBatch.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.records != null && message.records.length)
                for (let i = 0; i < message.records.length; ++i)
                    $root.shapes.LogRecord.encode(message.records[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a LogBatch message from the specified reader or buffer.
         * @function decode
         * @memberof shapes.LogBatch
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {shapes.LogBatch & shapes.LogBatch.$Shape} LogBatch
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        LogBatch.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.shapes.LogBatch();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.records && message.records.length))
                            message.records = [];
                        message.records.push($root.shapes.LogRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Gets the type url for LogBatch
         * @function getTypeUrl
         * @memberof shapes.LogBatch
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        LogBatch.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/shapes.LogBatch";
        };

        return LogBatch;
    })();

    return shapes;
})();

export {
  $root as default
};
